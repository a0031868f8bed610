import { CardError } from '../../errors.ts';
import { SlotConnection } from '../card-connection.ts';
import { connectInTurn } from '../connect-in-turn.ts';
import type { CardConnection, CardState, Reader, ReaderFacts } from '../reader.ts';
import type { ReaderSettings } from '../reader-options.ts';
import { Turnstile } from '../turnstile.ts';
import type { SmartCardApi, SmartCardHandle } from './smart-card-api.ts';
import { smartCardFailure } from './smart-card-failure.ts';

/** How long a reader may take to finish what nobody waits for any more. */
const BUSY_GRACE_MS = 3000;

/** Starts and stops the watching that all readers share. */
export interface CardWatching {
  watchCard(name: string, listener: (state: CardState) => void): () => void;
}

/** A reader that the operating system drives: APDUs go to its smart card service, which does everything below. */
export class SmartCardReader implements Reader {
  readonly id: string;
  readonly name: string;
  readonly facts: ReaderFacts;
  readonly #api: SmartCardApi;
  readonly #settings: ReaderSettings;
  readonly #watching: CardWatching;
  readonly #stops = new Set<() => void>();
  readonly #turnstile = new Turnstile();
  #connection: SlotConnection | undefined;
  #isGone = false;

  constructor(name: string, api: SmartCardApi, settings: ReaderSettings, watching: CardWatching) {
    this.name = name;
    this.id = `pcsc:${name}`;
    this.facts = { ...UNKNOWN, productName: name };
    this.#api = api;
    this.#settings = settings;
    this.#watching = watching;
  }

  watchCard(listener: (state: CardState) => void): () => void {
    const unwatch = this.#watching.watchCard(this.name, listener);
    const stop = (): void => {
      this.#stops.delete(stop);
      unwatch();
    };
    this.#stops.add(stop);
    return stop;
  }

  connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<CardConnection> {
    return connectInTurn(this.#turnstile, signal, (leave) => this.#connect(leave));
  }

  async #connect(leave: () => void): Promise<SlotConnection> {
    try {
      if (this.#isGone) throw new CardError('reader_gone', 'the reader was unplugged');
      const handle = await this.#handle();
      const { answerToReset = new ArrayBuffer() } = await handle.status();
      const transmit = async (command: Uint8Array): Promise<Uint8Array> => {
        try {
          return new Uint8Array(await handle.transmit(new Uint8Array(command)));
        } catch (cause) {
          throw smartCardFailure('exchange', cause);
        }
      };
      const release = (idle: Promise<void>): Promise<void> => this.#release(handle, idle, leave);
      const session = { transmit, enterPin: undefined };
      this.#connection = new SlotConnection(new Uint8Array(answerToReset), session, 0, release, this.#settings.trace);
      return this.#connection;
    } catch (cause) {
      leave();
      throw smartCardFailure('connect', cause);
    }
  }

  /** Each connection has a context of its own: a context carries one call at a time, and a hanging card keeps it. */
  async #handle(): Promise<SmartCardHandle> {
    const context = await this.#api.establishContext().catch((cause: unknown) => {
      throw smartCardFailure('reach', cause);
    });
    // Nobody else shall send commands between a PIN and what it is for.
    const { connection } = await context.connect(this.name, 'exclusive', { preferredProtocols: ['t0', 't1'] });
    return connection;
  }

  async #release(handle: SmartCardHandle, idle: Promise<void>, leave: () => void): Promise<void> {
    this.#connection = undefined;
    const { promise: tooLong, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#settings.clock.after(BUSY_GRACE_MS, () => resolve(false));
    const isIdle = await Promise.race([idle.then(() => true), tooLong]);
    cancel();
    // Refused while a command hangs; the context goes with the last reference to it.
    if (isIdle) await handle.disconnect('unpower').catch(() => {});
    leave();
  }

  /** The service no longer lists it. */
  gone(): void {
    this.#isGone = true;
    this.#connection?.end(new CardError('reader_gone', 'the reader was unplugged'));
  }

  /** The service says that its card is another one or none. */
  cardChanged(): void {
    this.#connection?.end(new CardError('card_gone', 'the card was taken away'));
  }

  async close(): Promise<void> {
    for (const stop of [...this.#stops]) stop();
    await this.#connection?.disconnect();
  }
}

/** PC/SC gives a name and nothing more. */
const UNKNOWN: ReaderFacts = {
  vendorId: 0,
  productId: 0,
  manufacturerName: undefined,
  productName: undefined,
  serialNumber: undefined,
  interfaceNumber: 0,
  interfaceClass: 0x0b,
  slot: 0,
  level: 'pc-sc',
  pinSupport: 0,
};
