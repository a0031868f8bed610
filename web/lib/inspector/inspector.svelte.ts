import type { CardChannel, CardState } from 'webusb-ccid';
import { type DialogueLine, recordDialogue } from './dialogue.ts';
import type { CardInspection } from './inspect-card.ts';
import type { PinReading, PinResult } from './read-with-pin.ts';

/** What the screen shows. */
export type InspectorState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'reading'; readonly commands: number }
  | { readonly kind: 'shown'; readonly inspection: CardInspection }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A reading with the PIN, beside what was free to see. */
export type PinState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly what: PinReading; readonly triesLeft: number; readonly wasWrong: boolean }
  | { readonly kind: 'working' }
  | { readonly kind: 'shown'; readonly result: PinResult }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Dependencies {
  readonly withCard: <T>(use: (channel: CardChannel) => Promise<T>, signal?: AbortSignal) => Promise<T>;
  /** Loaded when the first card lies there. */
  readonly loadInspection: () => Promise<{
    inspectCard: (channel: CardChannel, signal?: AbortSignal) => Promise<CardInspection>;
  }>;
  readonly loadPinReading: () => Promise<{
    readWithPin: (
      channel: CardChannel,
      what: PinReading,
      pin: Uint8Array,
      options: { readonly allowLastAttempt: boolean },
    ) => Promise<PinResult>;
  }>;
}

/**
 * Looks through the card on the reader. What the PIN opened is forgotten when the card goes away; what is free to see
 * stays until another card comes.
 */
export class Inspector {
  #state = $state.raw<InspectorState>({ kind: 'waiting' });
  #pin = $state.raw<PinState>({ kind: 'none' });
  #dialogue = $state.raw<readonly DialogueLine[]>([]);
  #running: AbortController | undefined;
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get state(): InspectorState {
    return this.#state;
  }

  get pin(): PinState {
    return this.#pin;
  }

  /** Everything that passed since the card was laid, PIN and answers left out. */
  get dialogue(): readonly DialogueLine[] {
    return this.#dialogue;
  }

  /** To be told when a card comes or goes. */
  noticeCard(state: CardState): void {
    if (state === 'present') {
      void this.inspect();
    } else {
      this.closePin();
      // A card that left in the middle has its own answer: the failure says so.
      if (this.#state.kind === 'failed') this.#state = { kind: 'waiting' };
    }
  }

  async inspect(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.closePin();
    this.#dialogue = [];
    this.#state = { kind: 'reading', commands: 0 };
    try {
      const { inspectCard } = await this.#dependencies.loadInspection();
      const inspection = await this.#withRecordedCard(
        (channel) => inspectCard(channel, running.signal),
        (commands) => {
          if (this.#running === running) this.#state = { kind: 'reading', commands };
        },
        running.signal,
      );
      if (this.#running === running) this.#state = { kind: 'shown', inspection };
    } catch (error) {
      if (this.#running === running) this.#state = { kind: 'failed', error };
    }
  }

  /** Gives up, when the room is left. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.closePin();
  }

  /** Opens the number pad for one thing behind the text application's PIN. */
  askPin(what: PinReading, wasWrong = false, triesLeft = this.#textTriesLeft): void {
    this.#pin = { kind: 'asking', what, triesLeft, wasWrong };
  }

  /** Takes the digits that were asked for, becomes their owner and wipes them. */
  async enterPin(pin: Uint8Array): Promise<void> {
    const asked = this.#pin;
    if (asked.kind !== 'asking') {
      pin.fill(0);
      return;
    }
    this.#pin = { kind: 'working' };
    const working = this.#pin;
    const settle = (next: PinState): void => {
      // Closed meanwhile, or the card went: what comes now is nobody's.
      if (this.#pin === working) this.#pin = next;
    };
    try {
      const { readWithPin } = await this.#dependencies.loadPinReading();
      // The pad said so when only one attempt was left.
      const options = { allowLastAttempt: asked.triesLeft === 1 };
      settle({
        kind: 'shown',
        result: await this.#withRecordedCard((channel) => readWithPin(channel, asked.what, pin, options)),
      });
      this.#noteTextTries(undefined);
    } catch (error) {
      const attemptsLeft = attemptsLeftOf(error);
      this.#noteTextTries(attemptsLeft);
      if (this.#pin !== working) return;
      if (attemptsLeft) this.askPin(asked.what, true, attemptsLeft);
      else settle({ kind: 'failed', error });
    } finally {
      pin.fill(0);
    }
  }

  /** Takes what the PIN opened off the screen. */
  closePin(): void {
    this.#pin = { kind: 'none' };
  }

  get #textTriesLeft(): number {
    const { inspection } = this.#state.kind === 'shown' ? this.#state : {};
    return (inspection?.kind === 'mynumber' ? inspection.textTriesLeft : undefined) ?? 0;
  }

  /** Keeps the picture's counter true after a PIN was sent; `undefined` says that it was right. */
  #noteTextTries(triesLeft: number | undefined): void {
    const { inspection } = this.#state.kind === 'shown' ? this.#state : {};
    if (inspection?.kind !== 'mynumber' || inspection.textTriesLeft === undefined) return;
    const TEXT_PIN_TRIES = 3;
    this.#state = { kind: 'shown', inspection: { ...inspection, textTriesLeft: triesLeft ?? TEXT_PIN_TRIES } };
  }

  #withRecordedCard<T>(
    use: (channel: CardChannel) => Promise<T>,
    onLine: (count: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<T> {
    const earlier = this.#dialogue;
    return this.#dependencies.withCard(async (channel) => {
      const recorded = recordDialogue(channel, onLine);
      try {
        return await use(recorded);
      } finally {
        this.#dialogue = [...earlier, ...recorded.lines];
      }
    }, signal);
  }
}

/** After a wrong PIN: how many attempts the card still gives; `undefined` when the failure was another one. */
function attemptsLeftOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  if (error.code === 'pin_blocked') return 0;
  const isCounted = error.code === 'pin_wrong' || error.code === 'pin_last_attempt';
  return isCounted && 'attemptsLeft' in error && typeof error.attemptsLeft === 'number'
    ? error.attemptsLeft
    : undefined;
}
