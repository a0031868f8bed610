import type { ServerStatus } from '#lib/api/server-status.ts';
import type { Kept } from './kept.ts';
import type { ServerClock } from './server-clock.svelte.ts';
import type { GatewayStatus } from '#api/contract/gateway-api.ts';

const POLL_MS = 10_000;

export type ConnectionState = 'checking' | 'online' | 'offline';

/** What stands behind this page: a server, or nothing where the app came in a bundle and its origin has none. */
export type Server = ServerStatus['role'] | 'none';

interface Dependencies {
  /** False in an Isolated Web App: nobody is asked, ever. */
  readonly hasServer: boolean;
  readonly fetchStatus: () => Promise<ServerStatus>;
  /** What the server last said, when it cannot be asked now. */
  readonly kept: Kept<ServerStatus>;
  readonly clock: Pick<ServerClock, 'hear' | 'offsetMs'>;
}

/**
 * Whether the server behind this page answers, and what it last said of itself. The browser's own online flag is only
 * a reason to ask: it knows cables, not servers.
 */
export class Connection {
  #state = $state.raw<ConnectionState>('checking');
  #status = $state.raw<ServerStatus | undefined>(undefined);
  readonly #dependencies: Dependencies;
  #listeners: readonly (() => void)[] = [];
  #pending: Promise<void> | undefined;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    if (!dependencies.hasServer) this.#state = 'offline';
    this.#status = dependencies.kept.read();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isOnline(): boolean {
    return this.#state === 'online';
  }

  /** A gateway until a server was ever reached. */
  get server(): Server {
    return this.#dependencies.hasServer ? (this.#status?.role ?? 'gateway') : 'none';
  }

  /** The last thing the server said; kept across reloads, so that it is there offline too. */
  get status(): ServerStatus | undefined {
    return this.#status;
  }

  get gateway(): GatewayStatus | undefined {
    return this.#status?.role === 'gateway' ? this.#status : undefined;
  }

  /** How far this device's clock is ahead of the server's, as far as is known. */
  get clockOffsetMs(): number {
    return this.#dependencies.clock.offsetMs;
  }

  /** Calls back each time the server answers after it did not. */
  onReconnect(listener: () => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => (this.#listeners = this.#listeners.filter((other) => other !== listener));
  }

  /** Asks now; calls that overlap share one question. */
  refresh(): Promise<void> {
    if (!this.#dependencies.hasServer) return Promise.resolve();
    this.#pending ??= this.#ask().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** For a request that just failed or succeeded: the next poll need not be waited for. */
  report(isReachable: boolean): void {
    if (isReachable !== this.isOnline) void this.refresh();
  }

  /** Asks regularly, and whenever the browser or the person comes back. */
  start(page: Window): () => void {
    const ask = () => void this.refresh();
    const timer = page.setInterval(ask, POLL_MS);
    for (const event of ['online', 'offline', 'focus']) page.addEventListener(event, ask);
    ask();
    return () => {
      page.clearInterval(timer);
      for (const event of ['online', 'offline', 'focus']) page.removeEventListener(event, ask);
    };
  }

  async #ask(): Promise<void> {
    const before = this.#state;
    try {
      this.#status = await this.#dependencies.fetchStatus();
      this.#dependencies.clock.hear(this.#status.time);
      this.#state = 'online';
    } catch {
      this.#state = 'offline';
      return;
    }
    this.#dependencies.kept.keep(this.#status);
    if (before !== 'online') for (const listener of this.#listeners) listener();
  }
}
