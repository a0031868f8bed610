import type { CardState, SimulatedReader } from 'webusb-ccid/simulated';
import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';
import type { DemoCard } from './demo-cards.ts';

type Simulation = typeof import('webusb-ccid/simulated');

/** A tap takes more commands than this, so that a card pulled here is pulled in the middle. */
const APDUS_BEFORE_PULL = 4;

interface Dependencies {
  readonly simulation: Pick<Simulation, 'createSimulatedCard'>;
  readonly reader: SimulatedReader;
  readonly cards: readonly DemoCard[];
  /** Holds the cards' retry counters, as their chips would. Test cards only. */
  readonly memory: PreferenceStore;
}

/** The hands of the demonstration: synthetic cards, and the simulated reader that they are laid on. */
export class SimulatedDesk {
  #laidId = $state.raw<string | undefined>(undefined);
  #isPullOrdered = $state.raw(false);
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get cards(): readonly DemoCard[] {
    return this.#dependencies.cards;
  }

  /** The card on the reader. */
  get laidId(): string | undefined {
    return this.#laidId;
  }

  /** The next tap will lose its card. */
  get isPullOrdered(): boolean {
    return this.#isPullOrdered;
  }

  lay(id: string): void {
    const { cards, reader, simulation, memory } = this.#dependencies;
    const personalisation = cards.find((card) => card.id === id);
    if (!personalisation) throw new RangeError('no such card');
    const card = simulation.createSimulatedCard(personalisation, readState(memory, id));
    reader.insert({
      atr: card.atr,
      reset: () => card.reset(),
      async process(command) {
        const answer = await card.process(command);
        memory.setItem(stateKey(id), JSON.stringify(card.saveState()));
        return answer;
      },
    });
    this.#laidId = id;
  }

  takeOff(): void {
    this.#dependencies.reader.remove();
    this.#laidId = undefined;
  }

  /** Orders that the card is pulled away in the middle of the next dialogue, or takes the order back. */
  orderPull(isOrdered: boolean): void {
    this.#dependencies.reader.faults.pullCardAfterApdus(isOrdered ? APDUS_BEFORE_PULL : Number.MAX_SAFE_INTEGER);
    this.#isPullOrdered = isOrdered;
  }

  /** To be told when the reader says that its card is gone: a pulled card is back in the hand. */
  noticeAbsent(): void {
    if (!this.#isPullOrdered) return;
    this.#isPullOrdered = false;
    this.#laidId = undefined;
  }
}

const stateKey = (id: string) => `tsunagi.simulated-card.${id}`;

function readState(memory: PreferenceStore, id: string): CardState | undefined {
  const text = memory.getItem(stateKey(id));
  // Written by ourselves, about a card that exists nowhere else.
  return text === null ? undefined : (JSON.parse(text) as CardState);
}
