import { Directory, verifyDirectory } from '../contract/directory.ts';
import type { ExchangeId } from '../contract/ids.ts';
import { JoseError, readClaims } from '../contract/jose.ts';
import { findAmong } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import type { DirectoryStore, StoredDirectory } from '../storage/directory.ts';
import { createDirectoryView, requireOwnNetworks, type DirectoryView } from './directory-view.ts';
import { trustedKeys, type PinnedExchange } from './trusted-keys.ts';

export type { PinnedExchange } from './trusted-keys.ts';

/** The newest verified directories, kept durably and looked up in memory. */
export interface DirectoryBook {
  /** What is known at this moment; a later call may know more. */
  readonly view: DirectoryView;
  /** The documents as they were signed, by exchange. */
  readonly documents: ReadonlyMap<ExchangeId, string>;
  /** Takes up what was kept before; what a pinned key no longer verifies is left out. */
  load(findPinned: (exchange: ExchangeId) => PinnedExchange | undefined): Promise<void>;
  /** Trusts no exchange any longer but these. */
  retain(exchanges: readonly ExchangeId[]): void;
  /**
   * Verifies one directory with the pinned keys of its exchange and keeps it.
   *
   * @throws {Problem} `directory_untrusted`, `directory_stale`, `directory_downgrade`
   */
  accept(pinned: PinnedExchange, jws: string): Promise<Directory>;
}

export function createDirectoryBook(store: DirectoryStore, now: () => Date): DirectoryBook {
  const directories = new Map<ExchangeId, Directory>();
  const documents = new Map<ExchangeId, string>();
  let view = createDirectoryView([], now);

  function hold(directory: Directory, jws: string): void {
    directories.set(directory.iss, directory);
    documents.set(directory.iss, jws);
    view = createDirectoryView([...directories.values()], now);
  }

  async function takeUp({ directory: jws, exchange }: StoredDirectory, pinned: PinnedExchange): Promise<void> {
    const claimed = readClaims(jws, Directory);
    const findKey = findAmong(await trustedKeys(pinned, claimed));
    // It may have expired since: then it still names, and decides nothing.
    const then = new Date(claimed.issuedAt);
    hold(await verifyDirectory(jws, { exchange, findKey, now: then }), jws);
  }

  return {
    get view() {
      return view;
    },
    documents,
    async load(findPinned) {
      for (const stored of await store.readAll()) {
        const pinned = findPinned(stored.exchange);
        if (pinned) await takeUp(stored, pinned).catch(requireRefusal);
      }
    },
    retain(exchanges) {
      const gone = [...directories.keys()].filter((exchange) => !exchanges.includes(exchange));
      for (const exchange of gone) {
        directories.delete(exchange);
        documents.delete(exchange);
      }
      if (gone.length > 0) view = createDirectoryView([...directories.values()], now);
    },
    async accept(pinned, jws) {
      const held = directories.get(pinned.id);
      const findKey = findAmong(await trustedKeys(pinned, readDirectory(jws), held));
      const directory = await verifyDirectory(jws, {
        exchange: pinned.id,
        findKey,
        now: now(),
        ...(held ? { atLeastSerial: held.serial } : {}),
      });
      requireOwnNetworks(directory, [...directories.values()]);
      if (documents.get(pinned.id) === jws) return directory;
      await store.keep({ exchange: pinned.id, serial: directory.serial, directory: jws });
      hold(directory, jws);
      return directory;
    },
  };
}

/** @throws {Problem} `directory_untrusted` */
function readDirectory(jws: string): Directory {
  try {
    return readClaims(jws, Directory);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('directory_untrusted', cause.code, { cause });
  }
}

/** What was kept and is no longer trusted is no failure; anything else is. */
function requireRefusal(error: unknown): void {
  if (!(error instanceof Problem || error instanceof JoseError)) throw error;
}
