import { Directory, signDirectory } from '../contract/directory.ts';
import { readClaims, type SigningKey } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import type { DirectoryStore } from '../storage/directory.ts';

/** What an exchange publishes about itself; serial and times are added when it is signed. */
export type DirectoryContent = Omit<Directory, 'version' | 'serial' | 'issuedAt' | 'expires'>;

export interface OwnDirectoryOptions {
  readonly content: DirectoryContent;
  readonly key: SigningKey;
  readonly store: DirectoryStore;
  readonly now: () => Date;
  /** How long others may rely on one issue. Seven days when left out: a gateway may be offline for some of them. */
  readonly lifetimeHours?: number;
}

export interface OwnDirectory {
  /** The signed document as it is served, issued anew when its content changed or half its life is over. */
  issue(): Promise<{ readonly jws: string; readonly directory: Directory }>;
}

const WEEK_HOURS = 7 * 24;

/**
 * An exchange's own directory. An issue is stored before anyone sees it, so that the same serial always means the same
 * bytes.
 */
export function createOwnDirectory(options: OwnDirectoryOptions): OwnDirectory {
  const { content, key, store, now } = options;
  const lifetimeMs = (options.lifetimeHours ?? WEEK_HOURS) * 3_600_000;
  type Issue = { readonly jws: string; readonly directory: Directory };
  let held: Issue | undefined;
  let issuing: Promise<Issue> | undefined;

  /** Looks at what is stored each time: another process of this exchange may have issued a newer one. */
  async function renew(): Promise<Issue> {
    held = await readStored();
    if (held && isCurrent(held.directory)) return held;
    const time = now();
    const directory: Directory = {
      ...content,
      version: 1,
      // By the clock, so that an exchange whose database was lost is not taken for a downgrade.
      serial: Math.max((held?.directory.serial ?? 0) + 1, Math.floor(time.getTime() / 1000)),
      issuedAt: time.toISOString(),
      expires: new Date(time.getTime() + lifetimeMs).toISOString(),
    };
    const jws = await signDirectory(directory, key);
    try {
      await store.keep({ exchange: directory.iss, serial: directory.serial, directory: jws });
      held = { jws, directory };
    } catch (error) {
      // Another process was faster: what it says counts, if it says the same.
      held = await readStored();
      if (!(error instanceof Problem && held && isCurrent(held.directory))) throw error;
    }
    return held;
  }

  async function readStored(): Promise<Issue | undefined> {
    const jws = (await store.readAll()).find(({ exchange }) => exchange === content.iss)?.directory;
    return jws === undefined || jws === held?.jws ? held : { jws, directory: readClaims(jws, Directory) };
  }

  function isCurrent({ serial: _serial, issuedAt, expires, version: _version, ...rest }: Directory): boolean {
    const isYoung = now().getTime() < (Date.parse(issuedAt) + Date.parse(expires)) / 2;
    return isYoung && canonical(rest) === canonical(content);
  }

  return {
    issue() {
      issuing ??= renew().finally(() => (issuing = undefined));
      return issuing;
    },
  };
}

const HEAD = { version: 1, serial: 1, issuedAt: '2000-01-01T00:00:00Z', expires: '2000-01-01T00:00:00Z' } as const;

/** Members in the schema's order, whatever order the configuration had. */
function canonical(content: DirectoryContent): string {
  const {
    version: _version,
    serial: _serial,
    issuedAt: _issuedAt,
    expires: _expires,
    ...rest
  } = Directory.parse({
    ...content,
    ...HEAD,
  });
  return JSON.stringify(rest);
}
