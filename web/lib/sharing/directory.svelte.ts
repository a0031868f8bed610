import type { Gateway } from '#lib/api/gateway.ts';
import { useApp } from '#lib/app/app.ts';
import { createNames, type Names } from './trusted-keys.ts';

const NOBODY = createNames({ institutions: [], exchanges: [] });

/** Names and keys of everybody in the directories of the gateway behind this page; asked for once, when first needed. */
export class Directory {
  #names = $state.raw<Names>(NOBODY);
  #loading: Promise<Names> | undefined;
  readonly #gateway: Pick<Gateway, 'fetchDirectory'>;

  constructor(gateway: Pick<Gateway, 'fetchDirectory'>) {
    this.#gateway = gateway;
  }

  /** Until the directories are there, ids stand for names and no key is known. */
  get names(): Names {
    return this.#names;
  }

  /** Loads the directories anew. @throws {Problem} {ApiError} */
  load(): Promise<Names> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #load(): Promise<Names> {
    this.#names = createNames(await this.#gateway.fetchDirectory());
    return this.#names;
  }
}

const directories = new WeakMap<Gateway, Directory>();

/** The one directory of this window. Call it while a component is set up. */
export function useDirectory(): Directory {
  const { gateway } = useApp();
  let directory = directories.get(gateway);
  if (!directory) directories.set(gateway, (directory = new Directory(gateway)));
  return directory;
}
