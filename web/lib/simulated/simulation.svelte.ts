import type { SimulatedReader } from 'webusb-ccid/simulated';
import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';
import type { CardReader } from '#lib/reader.svelte.ts';
import type { SimulatedDesk } from './desk.svelte.ts';

interface Dependencies {
  readonly reader: CardReader;
  readonly fetchCards: () => Promise<unknown>;
  readonly memory: PreferenceStore;
}

/** The simulated reader and its cards, where the server says that it is a demonstration; nowhere else. */
export class Simulation {
  #desk = $state.raw<SimulatedDesk | undefined>(undefined);
  #hasFailed = $state.raw(false);
  #starting: Promise<void> | undefined;
  /** There is one, however often its cards are asked for. */
  #reader: Promise<SimulatedReader> | undefined;
  #replay = $state.raw<(() => Promise<void>) | undefined>(undefined);
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get desk(): SimulatedDesk | undefined {
    return this.#desk;
  }

  /** The cards could not be loaded. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Sends the last proof again; there while a room that can do so is open. */
  get replay(): (() => Promise<void>) | undefined {
    return this.#replay;
  }

  /** Says how a replay is done in the room on screen, until the returned function is called. */
  onReplay(replay: () => Promise<void>): () => void {
    this.#replay = replay;
    return () => (this.#replay = undefined);
  }

  /** Plugs the simulated reader in, once; after a failure it may be tried again. */
  start(readerName: string): Promise<void> {
    if (!this.#starting) {
      this.#starting = this.#start(readerName);
      this.#dependencies.reader.expect(this.#starting);
    }
    return this.#starting;
  }

  /** Fetches its parts before they are needed. */
  prepare(): void {
    // Without them `start` fails, and says so.
    loadParts().catch(() => {});
  }

  async #start(readerName: string): Promise<void> {
    const { reader, fetchCards, memory } = this.#dependencies;
    this.#hasFailed = false;
    try {
      const [[{ parseDemoCards }, { SimulatedDesk }, simulation], simulated, file] = await Promise.all([
        loadParts(),
        (this.#reader ??= reader.startSimulation(readerName)),
        fetchCards(),
      ]);
      const cards = parseDemoCards(file);
      const desk = new SimulatedDesk({ simulation, reader: simulated, cards, memory });
      reader.onCard((state) => {
        if (state === 'absent') desk.noticeAbsent();
      });
      this.#desk = desk;
    } catch {
      // Not there, or not cards: the panel says so, and everything but the simulation works.
      this.#hasFailed = true;
      this.#starting = undefined;
    }
  }
}

const loadParts = () =>
  Promise.all([import('./demo-cards.ts'), import('./desk.svelte.ts'), import('webusb-ccid/simulated')]);
