/** What is used of the browser's service workers. */
export type Workers = Pick<ServiceWorkerContainer, 'controller' | 'ready' | 'addEventListener' | 'removeEventListener'>;

/** `ready`: a new version waits for a word. `replaced`: another window gave it, and this one still runs the old version. */
export type UpdateState = 'none' | 'ready' | 'replaced';

/**
 * A new version of the app: offered, never forced. Only the window in which somebody asked for it reloads; others keep
 * what is on them, an open visit among it, until somebody says so there too.
 */
export class AppUpdate {
  #state = $state.raw<UpdateState>('none');
  #waiting: ServiceWorker | undefined;
  #isAsked = false;
  readonly #workers: Workers;
  readonly #reload: () => void;

  constructor(workers: Workers, reload: () => void) {
    this.#workers = workers;
    this.#reload = reload;
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** Somebody wants it, here and now. */
  apply(): void {
    if (this.#state === 'replaced') this.#reload();
    this.#isAsked = true;
    this.#waiting?.postMessage('skip-waiting');
  }

  /** Watches until the returned function is called. */
  start(): () => void {
    const workers = this.#workers;
    // The first worker of a first visit takes over too; only a replaced one brings new pages.
    const hadController = workers.controller !== null;
    const onChange = () => {
      if (!hadController) return;
      if (this.#isAsked) this.#reload();
      else this.#state = 'replaced';
    };
    workers.addEventListener('controllerchange', onChange);
    void workers.ready.then((registration) => {
      if (registration.waiting) this.#offer(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => {
          if (worker.state === 'installed' && workers.controller) this.#offer(worker);
        });
      });
    });
    return () => workers.removeEventListener('controllerchange', onChange);
  }

  #offer(worker: ServiceWorker): void {
    this.#waiting = worker;
    if (this.#state === 'none') this.#state = 'ready';
  }
}
