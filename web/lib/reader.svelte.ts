import type { CardChannel, CardState, Reader, ReaderPlaces, ReaderWatch, SmartCardApi, TraceEvent } from 'webusb-ccid';
import type { SimulatedReader } from 'webusb-ccid/simulated';
import { formatTraceEvent } from './card/trace-line.ts';
import type { PreferenceStore } from './app/preferences.svelte.ts';

const KEY = 'tsunagi.reader';
const TRACE_LINES = 2_000;

/** The driver, loaded when a room first needs a card. */
type Driver = typeof import('webusb-ccid');

/** A reader this page may use. */
export interface ReaderChoice {
  readonly id: string;
  readonly name: string;
  readonly isSimulated: boolean;
}

interface Dependencies {
  readonly loadDriver: () => Promise<Driver>;
  /** `navigator.usb` and, in an Isolated Web App, `navigator.smartCard`, as far as the browser has them. */
  readonly places: ReaderPlaces;
  readonly preferences: PreferenceStore;
  readonly now: () => Date;
}

interface Candidate extends ReaderChoice {
  readonly reader: Reader;
}

/**
 * The card reader of this window: the real one, or the simulated one that is plugged into a simulated bus; the same
 * driver talks to both. This module is the only one that makes a USB object.
 */
export class CardReader {
  #candidates = $state.raw<readonly Candidate[]>([]);
  #preferredId = $state.raw<string | null>(null);
  #cardState = $state.raw<CardState>('absent');
  #hasLooked = $state.raw(false);
  #expected = $state.raw(0);
  #failure = $state.raw<string | undefined>(undefined);
  #chosen = $derived(choose(this.#candidates, this.#preferredId));
  readonly #dependencies: Dependencies;
  #starting: Promise<void> | undefined;
  #watches: readonly { readonly watch: ReaderWatch; readonly isSimulated: boolean }[] = [];
  #watched: { readonly id: string; readonly stop: () => void } | undefined;
  #listeners: readonly ((state: CardState) => void)[] = [];
  #trace: readonly string[] = [];

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#preferredId = dependencies.preferences.getItem(KEY);
  }

  get isSupported(): boolean {
    const { usb, smartCard } = this.#dependencies.places;
    return usb !== undefined || smartCard !== undefined;
  }

  /** Somebody has looked: what is not here by now is not plugged in. False before `start`, and while a reader is on its way. */
  get isStarted(): boolean {
    return this.#hasLooked && this.#expected === 0;
  }

  get choices(): readonly ReaderChoice[] {
    return this.#candidates;
  }

  get chosen(): ReaderChoice | undefined {
    return this.#chosen;
  }

  get isSimulated(): boolean {
    return this.#chosen?.isSimulated ?? false;
  }

  /** Whether a card lies on the chosen reader. */
  get cardState(): CardState {
    return this.#cardState;
  }

  /** Why a permitted device did not become a reader: a card error code. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** What travelled, newest last, without what may hold a PIN. */
  get trace(): readonly string[] {
    return this.#trace;
  }

  /** Fetches the driver before it is needed. */
  prepare(): void {
    // Without it `start` and `request` say what is wrong.
    this.#dependencies.loadDriver().catch(() => {});
  }

  /** A reader is on its way: nobody misses one until this is settled. */
  expect(arrival: Promise<unknown>): void {
    this.#expected += 1;
    const arrived = () => void (this.#expected -= 1);
    arrival.then(arrived, arrived);
  }

  /** Begins to watch the readers that this page was given earlier. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { places, loadDriver } = this.#dependencies;
    let isComing = false;
    try {
      if (!this.isSupported) return;
      this.#follow((await loadDriver()).watchReaders(places, { onTrace: this.#note }), false);
      // Each device is told of when it has become a reader or failed to. Where the page's policy forbids to ask, none is.
      const devices = await places.usb?.getDevices().catch(() => []);
      isComing = devices !== undefined && devices.length > 0;
    } finally {
      if (!isComing) this.#hasLooked = true;
    }
  }

  /** Plugs a simulated reader into a simulated bus and offers it beside the real ones. */
  async startSimulation(productName: string): Promise<SimulatedReader> {
    const [{ watchReaders }, { SimulatedUsb, createSimulatedReader }] = await Promise.all([
      this.#dependencies.loadDriver(),
      import('webusb-ccid/simulated'),
    ]);
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader({ productName });
    this.#follow(watchReaders(usb, { onTrace: this.#note }), true);
    usb.attach(simulated.device, { isPermitted: true });
    return simulated;
  }

  /** Takes the reader that the system drives, else shows the browser's chooser: call it from a click. @throws {CardError} */
  async request(): Promise<void> {
    const { requestReader } = await this.#dependencies.loadDriver();
    const reader = await requestReader(this.#dependencies.places, { onTrace: this.#note });
    this.prefer(reader.id);
  }

  prefer(id: string): void {
    this.#dependencies.preferences.setItem(KEY, id);
    this.#preferredId = id;
    this.#update();
  }

  /** Tells of every card laid on or taken off the chosen reader, until the returned function is called. */
  onCard(listener: (state: CardState) => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => (this.#listeners = this.#listeners.filter((other) => other !== listener));
  }

  /**
   * Powers the card on for as long as `use` runs.
   *
   * @throws {CardError} `no_reader_chosen`, `card_absent`, and whatever `use` throws
   */
  async withCard<T>(use: (channel: CardChannel) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const reader = this.#chosen?.reader;
    if (!reader) throw await this.#missing();
    const connection = await reader.connect(signal ? { signal } : {});
    try {
      return await use(connection);
    } finally {
      await connection.disconnect();
    }
  }

  async #missing(): Promise<Error> {
    const { CardError } = await this.#dependencies.loadDriver();
    return new CardError(this.isSupported ? 'no_reader_chosen' : 'usb_unsupported', 'no reader to ask');
  }

  #follow(watch: ReaderWatch, isSimulated: boolean): void {
    this.#watches = [...this.#watches, { watch, isSimulated }];
    watch.subscribe(() => this.#update());
  }

  #update(): void {
    this.#candidates = this.#watches.flatMap(({ watch, isSimulated }) =>
      watch.readers.map((reader) => ({ id: reader.id, name: reader.name, isSimulated, reader })),
    );
    this.#failure = this.#watches.flatMap(({ watch }) => watch.failures)[0]?.code;
    if (this.#candidates.length > 0 || this.#failure) this.#hasLooked = true;
    this.#watchChosen();
  }

  #watchChosen(): void {
    const chosen = choose(this.#candidates, this.#preferredId);
    if (chosen?.id === this.#watched?.id) return;
    this.#watched?.stop();
    this.#watched = undefined;
    this.#setCard('absent');
    if (chosen) {
      this.#watched = { id: chosen.id, stop: chosen.reader.watchCard((state) => this.#setCard(state)) };
    }
  }

  #setCard(state: CardState): void {
    if (state === this.#cardState) return;
    this.#cardState = state;
    for (const listener of this.#listeners) listener(state);
  }

  readonly #note = (event: TraceEvent): void => {
    const line = `${this.#dependencies.now().toISOString()} ${formatTraceEvent(event)}`;
    this.#trace = [...this.#trace.slice(1 - TRACE_LINES), line];
  };
}

/** The preferred reader; else a real one before a simulated one. */
function choose(candidates: readonly Candidate[], preferredId: string | null): Candidate | undefined {
  return (
    candidates.find(({ id }) => id === preferredId) ??
    candidates.find(({ isSimulated }) => !isSimulated) ??
    candidates[0]
  );
}

/** The reader of a real window. */
export function createCardReader(page: Window & typeof globalThis, now: () => Date): CardReader {
  return new CardReader({
    loadDriver: () => import('webusb-ccid'),
    places: {
      usb: 'usb' in page.navigator ? page.navigator.usb : undefined,
      smartCard: smartCardOf(page.navigator),
    },
    preferences: page.localStorage,
    now,
  });
}

/** TypeScript does not know the Web Smart Card API yet. */
function smartCardOf(navigator: object): SmartCardApi | undefined {
  const api: unknown = 'smartCard' in navigator ? navigator.smartCard : undefined;
  const isApi = typeof api === 'object' && api !== null && 'establishContext' in api;
  return isApi ? (api as SmartCardApi) : undefined;
}
