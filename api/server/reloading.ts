import { digestBase64Url } from '../contract/encoding.ts';
import type { ConfigurationState } from '../contract/operator-api.ts';
import { Problem } from '../contract/problem.ts';
import type { ServerControl } from '../app.ts';
import { ConfigError } from '../config/config-error.ts';
import { parseConfig, type ServerConfig } from '../config/server-config.ts';
import type { OpenedApp } from './create-app.ts';

export interface ReloadingParts {
  /** The configuration's text; rejects with `ConfigError`. */
  readonly readText: () => Promise<string>;
  readonly open: (config: ServerConfig, control: ServerControl) => Promise<OpenedApp>;
  readonly report: (failure: unknown) => void;
  readonly now: () => Date;
}

/** The app that is in force, which a new configuration may replace while the port stays open. */
export interface ReloadingApp {
  readonly config: ServerConfig;
  /** What is asked meanwhile waits for the new one. */
  fetch(...call: Parameters<OpenedApp['app']['fetch']>): Promise<Response>;
  start(): void;
  /** Lets requests under way finish, then closes everything. */
  stop(): Promise<void>;
}

interface InForce {
  readonly opened: OpenedApp;
  readonly config: ServerConfig;
  readonly underway: Set<Promise<Response>>;
}

/** @throws {ConfigError} */
export async function openReloading({ readText, open, report, now }: ReloadingParts): Promise<ReloadingApp> {
  let text = await readText();
  let state: ConfigurationState;
  let changing: Promise<unknown> = Promise.resolve();
  let isEnding = false;

  const control: ServerControl = {
    configuration: () => state,
    async reload() {
      const nextText = await readText();
      const next = readNext(nextText, current.config);
      // After the answer to whoever asked for it: the change waits for every request under way.
      changing = changing.then(() => change(next, nextText)).catch(report);
    },
  };
  const enter = async (config: ServerConfig): Promise<InForce> => ({
    opened: await open(config, control),
    config,
    underway: new Set(),
  });
  const describe = (digestOf: string, failure: string | null): ConfigurationState => ({
    digest: digestBase64Url(digestOf),
    loadedAt: now().toISOString(),
    failure,
  });
  let current = await enter(parseConfig(text)).catch((cause: unknown) => {
    throw cause instanceof Problem ? new ConfigError('config_invalid', explain(cause), { cause }) : cause;
  });
  state = describe(text, null);

  async function change(next: ServerConfig, nextText: string): Promise<void> {
    if (isEnding) return;
    const before = current.config;
    await leave(current);
    try {
      current = await enter(next);
      text = nextText;
      state = describe(text, null);
    } catch (error) {
      if (!(error instanceof ConfigError)) report(error);
      current = await enter(before);
      state = { ...state, failure: explain(error) };
    }
    current.opened.start();
  }

  return {
    get config() {
      return current.config;
    },
    async fetch(...call) {
      await changing;
      const { opened, underway } = current;
      const answering = Promise.resolve(opened.app.fetch(...call));
      underway.add(answering);
      try {
        return await answering;
      } finally {
        underway.delete(answering);
      }
    },
    start: () => current.opened.start(),
    async stop() {
      isEnding = true;
      await changing.catch(() => {});
      await leave(current);
    },
  };
}

/** Long polls end with the app's own work. Whoever asked may be gone while the answer is still being made: files close after that. */
async function leave({ opened, underway }: InForce): Promise<void> {
  await Promise.all([opened.stop(), ...underway].map((end) => end.catch(() => {})));
  await opened.close();
}

/** For the operator; what is no refusal of ours is in the server's log only. */
function explain(error: unknown): string {
  if (error instanceof Problem) return `${error.code}: ${error.detail}`;
  return error instanceof ConfigError ? error.message : 'the server could not be composed';
}

/** @throws {Problem} `conflict` */
function readNext(text: string, before: ServerConfig): ServerConfig {
  let next: ServerConfig;
  try {
    next = parseConfig(text);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new Problem('conflict', cause.message, { cause });
  }
  const { host, port } = before.listen;
  const isSamePlace = next.role === before.role && next.listen.host === host && next.listen.port === port;
  if (!isSamePlace) throw new Problem('conflict', 'role and listen change with a restart only');
  return next;
}
