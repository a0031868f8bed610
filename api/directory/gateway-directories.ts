import type { Directory } from '../contract/directory.ts';
import type { ExchangeId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { Fetch } from '../http/exchange-client.ts';
import type { DirectoryStore } from '../storage/directory.ts';
import { createDirectoryBook, type DirectoryBook, type PinnedExchange } from './directory-book.ts';
import { fetchDirectories } from './fetch-directories.ts';
import type { DirectoryFailure, DirectorySource } from './keep-fresh.ts';

/** The directories a gateway relies on: its exchange's, by the pinned key, and the peers' by the keys that one pinned. */
export interface GatewayDirectories extends DirectorySource {
  readonly book: DirectoryBook;
}

export interface GatewayDirectoriesOptions {
  /** The own exchange, pinned at installation. */
  readonly exchange: PinnedExchange & { readonly origin: string };
  readonly store: DirectoryStore;
  readonly fetch: Fetch;
  readonly now: () => Date;
}

/** Opens a gateway's directories with what was kept before: it can verify without its exchange. */
export async function openGatewayDirectories(options: GatewayDirectoriesOptions): Promise<GatewayDirectories> {
  const { exchange, store, fetch, now } = options;
  const book = createDirectoryBook(store, now);
  await book.load((id) => (id === exchange.id ? exchange : undefined));
  await book.load((id) => findPeer(book, exchange.id, id));

  return {
    book,
    async refresh(signal) {
      try {
        const { own, peers } = await fetchDirectories(fetch, exchange.origin, signal);
        const directory = await book.accept(exchange, own);
        book.retain([exchange.id, ...directory.peers.map(({ id }) => id)]);
        const missing = directory.peers.filter(({ id }) => !peers.some(({ exchange: peer }) => peer === id));
        return [
          ...(await acceptPeers(book, directory, peers)),
          ...missing.map(({ id }) => ({ exchange: id, problem: new Problem('directory_stale', 'not there yet') })),
        ];
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return [{ exchange: exchange.id, problem: error }];
      }
    },
  };
}

const findPeer = (book: DirectoryBook, own: ExchangeId, id: ExchangeId): PinnedExchange | undefined =>
  book.view.directories.find(({ iss }) => iss === own)?.peers.find((peer) => peer.id === id);

async function acceptPeers(
  book: DirectoryBook,
  own: Directory,
  peers: readonly { readonly exchange: ExchangeId; readonly directory: string }[],
): Promise<readonly DirectoryFailure[]> {
  const failures: DirectoryFailure[] = [];
  for (const { exchange, directory } of peers) {
    const pinned = own.peers.find(({ id }) => id === exchange);
    try {
      if (!pinned) throw new Problem('directory_untrusted', 'our exchange has not pinned it');
      await book.accept(pinned, directory);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      failures.push({ exchange, problem });
    }
  }
  return failures;
}
