import type { SimulatedCard } from './card.ts';

/** Why PC/SC refuses, in the words of the Web Smart Card API. */
export type SmartCardResponseCode =
  | 'no-service'
  | 'no-smartcard'
  | 'not-ready'
  | 'proto-mismatch'
  | 'reader-unavailable'
  | 'removed-card'
  | 'reset-card'
  | 'server-too-busy'
  | 'sharing-violation'
  | 'system-cancelled'
  | 'unknown-reader'
  | 'unpowered-card'
  | 'unresponsive-card'
  | 'unsupported-card'
  | 'unsupported-feature';

/** `SmartCardError` as browsers make it. */
export class SimulatedSmartCardError extends DOMException {
  readonly responseCode: SmartCardResponseCode;

  constructor(responseCode: SmartCardResponseCode) {
    super(responseCode, 'SmartCardError');
    this.responseCode = responseCode;
  }
}

interface Slot {
  card: SimulatedCard | undefined;
  /** Insertions and removals so far. */
  count: number;
  holder: object | undefined;
}

interface StateIn {
  readonly readerName: string;
  readonly currentState: { readonly unaware?: boolean; readonly present?: boolean; readonly empty?: boolean };
  readonly currentCount?: number;
}

const PLUG_AND_PLAY = '\\\\?PnP?\\Notification';

/**
 * `navigator.smartCard` in memory: an operating system's smart card service with readers and cards to order. One call
 * at a time per context, exclusive connections, and waiting for changes are as the draft says.
 */
export class SimulatedSmartCards {
  readonly #slots = new Map<string, Slot>();
  readonly #waiting = new Set<() => void>();
  /** Counts comings and goings of readers. */
  #plugging = 0;
  /** The service does not run. */
  isStopped = false;
  /** The person does not let the page use readers. */
  isDenied = false;
  /** The service does not tell when readers come and go. */
  hasPlugAndPlay = true;
  #next: SmartCardResponseCode | 'hang' | 'UnknownError' | undefined;

  establishContext(): Promise<SimulatedSmartCardContext> {
    if (this.isStopped) return Promise.reject(new SimulatedSmartCardError('no-service'));
    return Promise.resolve(new SimulatedSmartCardContext(this));
  }

  plugIn(readerName: string): void {
    this.#slots.set(readerName, { card: undefined, count: 0, holder: undefined });
    this.#plugging++;
    this.#wake();
  }

  unplug(readerName: string): void {
    this.#slots.delete(readerName);
    this.#plugging++;
    this.#wake();
  }

  insert(readerName: string, card: SimulatedCard): void {
    this.#change(readerName, card);
  }

  remove(readerName: string): void {
    this.#change(readerName, undefined);
  }

  #change(readerName: string, card: SimulatedCard | undefined): void {
    const slot = this.#slots.get(readerName);
    if (!slot) throw new TypeError('no such reader');
    slot.card = card;
    slot.holder = undefined;
    slot.count++;
    this.#wake();
  }

  /** The service stops under everybody, as when the computer goes to sleep, until it is started again. */
  stop(): void {
    this.isStopped = true;
    this.#wake();
  }

  start(): void {
    this.isStopped = false;
  }

  /** The next command ends like this; `hang` never. */
  failNext(how: SmartCardResponseCode | 'hang' | 'UnknownError'): void {
    this.#next = how;
  }

  /** For contexts. */
  get names(): string[] {
    return [...this.#slots.keys()];
  }

  /** For contexts. */
  slot(readerName: string): Slot | undefined {
    return this.#slots.get(readerName);
  }

  /** For contexts. */
  get plugging(): number {
    return this.#plugging;
  }

  /** For connections: the fault that was ordered. */
  takeFault(): SmartCardResponseCode | 'hang' | 'UnknownError' | undefined {
    const fault = this.#next;
    this.#next = undefined;
    return fault;
  }

  /** For contexts: resolves at the next change. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** One call at a time. */
class SimulatedSmartCardContext {
  readonly #service: SimulatedSmartCards;
  readonly #plugging: number;
  #isBusy = false;

  constructor(service: SimulatedSmartCards) {
    this.#service = service;
    this.#plugging = service.plugging;
  }

  async perform<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#isBusy) throw new DOMException('An operation is in progress.', 'InvalidStateError');
    this.#isBusy = true;
    try {
      await Promise.resolve();
      if (this.#service.isStopped) throw new DOMException('The service has stopped.', 'InvalidStateError');
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }

  listReaders(): Promise<string[]> {
    return this.perform(() => this.#service.names);
  }

  getStatusChange(states: StateIn[], options: { timeout?: number; signal?: AbortSignal } = {}) {
    return this.perform(async () => {
      const { timeout, signal } = options;
      const late = new AbortController();
      const timer = timeout === undefined ? undefined : setTimeout(() => late.abort(), timeout);
      let plugging = this.#plugging;
      try {
        for (;;) {
          if (signal?.aborted) throw signal.reason;
          if (this.#service.isStopped) throw new DOMException('The service has stopped.', 'InvalidStateError');
          const out = states.map((state) => this.#state(state, plugging));
          if (out.some(({ eventState }) => eventState.changed)) return out;
          if (late.signal.aborted) throw new DOMException('Time is up.', 'UnknownError');
          plugging = this.#service.plugging;
          await Promise.race([this.#service.changed(), aborted(signal), aborted(late.signal)]);
        }
      } finally {
        clearTimeout(timer);
      }
    });
  }

  #state({ readerName, currentState, currentCount }: StateIn, plugging: number) {
    if (readerName === PLUG_AND_PLAY && this.#service.hasPlugAndPlay)
      return { readerName, eventState: { changed: plugging !== this.#service.plugging }, eventCount: 0 };
    const slot = this.#service.slot(readerName);
    if (!slot) throw new SimulatedSmartCardError('unknown-reader');
    const present = slot.card !== undefined;
    const isNews = currentState.unaware === true || (currentState.present ?? false) !== present;
    const changed = isNews || (currentCount !== undefined && currentCount !== slot.count);
    const inuse = slot.holder !== undefined;
    return {
      readerName,
      eventState: { changed, present, empty: !present, exclusive: inuse, inuse },
      eventCount: slot.count,
    };
  }

  connect(readerName: string, accessMode: 'shared' | 'exclusive' | 'direct', options = {}) {
    return this.perform(() => {
      void options;
      if (this.#service.isDenied) throw new DOMException('Not allowed.', 'NotAllowedError');
      const slot = this.#service.slot(readerName);
      if (!slot) throw new SimulatedSmartCardError('unknown-reader');
      if (!slot.card) throw new SimulatedSmartCardError('no-smartcard');
      if (slot.holder) throw new SimulatedSmartCardError('sharing-violation');
      const connection = new SimulatedSmartCardConnection(this.#service, this, slot, slot.card);
      if (accessMode !== 'shared') slot.holder = connection;
      slot.card.reset();
      return { connection, activeProtocol: 't1' as const };
    });
  }
}

class SimulatedSmartCardConnection {
  readonly #service: SimulatedSmartCards;
  readonly #context: SimulatedSmartCardContext;
  readonly #slot: Slot;
  readonly #card: SimulatedCard;
  #isOpen = true;

  constructor(service: SimulatedSmartCards, context: SimulatedSmartCardContext, slot: Slot, card: SimulatedCard) {
    this.#service = service;
    this.#context = context;
    this.#slot = slot;
    this.#card = card;
  }

  status() {
    return this.#perform(() => ({ state: 't1' as const, answerToReset: Uint8Array.from(this.#card.atr).buffer }));
  }

  transmit(command: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    const own = command.slice();
    return this.#perform(async () => {
      const fault = this.#service.takeFault();
      if (fault === 'hang') return new Promise<ArrayBuffer>(() => {});
      if (fault === 'UnknownError') throw new DOMException('Unknown.', 'UnknownError');
      if (fault) throw new SimulatedSmartCardError(fault);
      const answer = await this.#card.process(own);
      if (this.#slot.card !== this.#card) throw new SimulatedSmartCardError('removed-card');
      return Uint8Array.from(answer).buffer;
    });
  }

  disconnect(disposition: 'leave' | 'reset' | 'unpower' | 'eject' = 'leave'): Promise<void> {
    return this.#perform(() => {
      this.#isOpen = false;
      if (this.#slot.holder === this) this.#slot.holder = undefined;
      if (disposition !== 'leave') this.#card.reset();
    });
  }

  #perform<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#context.perform(() => {
      if (!this.#isOpen) throw new DOMException('Not connected.', 'InvalidStateError');
      if (!this.#service.names.some((name) => this.#service.slot(name) === this.#slot))
        throw new SimulatedSmartCardError('reader-unavailable');
      if (this.#slot.card !== this.#card) throw new SimulatedSmartCardError('removed-card');
      return work();
    });
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}
