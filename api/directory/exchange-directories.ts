import type { Directories } from '../contract/exchange-api.ts';
import { Problem } from '../contract/problem.ts';
import type { Fetch } from '../http/exchange-client.ts';
import type { DirectoryStore } from '../storage/directory.ts';
import { createDirectoryBook, type DirectoryBook, type PinnedExchange } from './directory-book.ts';
import { requireOwnNetworks } from './directory-view.ts';
import { fetchDirectories } from './fetch-directories.ts';
import type { DirectorySource } from './keep-fresh.ts';
import { createOwnDirectory, type OwnDirectoryOptions } from './own-directory.ts';

/** An exchange's own directory and those of the peers it pinned. */
export interface ExchangeDirectories extends DirectorySource {
  readonly book: DirectoryBook;
  /** What `GET /api/directories` answers. */
  serve(): Promise<Directories>;
}

export interface ExchangeDirectoriesOptions extends OwnDirectoryOptions {
  readonly store: DirectoryStore;
  readonly fetch: Fetch;
}

/**
 * Opens the directories of an exchange: after this the own part is signed and what was kept of the peers is there.
 *
 * @throws {Problem} `directory_untrusted` when the own part names a network that is a peer's
 */
export async function openExchangeDirectories(options: ExchangeDirectoriesOptions): Promise<ExchangeDirectories> {
  const { content, store, now, fetch } = options;
  const book = createDirectoryBook(store, now);
  const own = createOwnDirectory(options);
  const self: PinnedExchange = { id: content.iss, signingKeys: content.signingKeys };

  await book.load((exchange) => content.peers.find(({ id }) => id === exchange));
  // What was kept of peers named none of ours when it came. What is ours only now must not be theirs; nothing is signed
  // before that is known, and from here on no peer may claim ours.
  requireOwnNetworks(content, book.view.directories);
  await book.accept(self, (await own.issue()).jws);

  async function serve(): Promise<Directories> {
    const { jws } = await own.issue();
    await book.accept(self, jws);
    const peers = content.peers.flatMap(({ id }) => {
      const directory = book.documents.get(id);
      return directory === undefined ? [] : [{ exchange: id, directory }];
    });
    return { own: jws, peers };
  }

  return {
    book,
    serve,
    async refresh(signal) {
      await serve();
      const outcomes = await Promise.allSettled(
        content.peers.map(async (peer) => book.accept(peer, (await fetchDirectories(fetch, peer.origin, signal)).own)),
      );
      return outcomes.flatMap((outcome, i) =>
        outcome.status === 'rejected'
          ? [{ exchange: content.peers[i]?.id ?? '', problem: asProblem(outcome.reason) }]
          : [],
      );
    },
  };
}

function asProblem(reason: unknown): Problem {
  if (reason instanceof Problem) return reason;
  throw reason;
}
