import { CardError } from '../../errors.ts';
import { SlotConnection } from '../card-connection.ts';
import { connectInTurn } from '../connect-in-turn.ts';
import type { CardConnection, CardState, Reader, ReaderFacts } from '../reader.ts';
import type { ReaderSettings } from '../reader-options.ts';
import { Turnstile } from '../turnstile.ts';
import type { ContactlessCard, ContactlessSession, OpenContactlessSession } from './contactless-device.ts';
import { FieldMonitor } from './field-monitor.ts';

/** How long a reader may take to finish what nobody waits for any more. */
const BUSY_GRACE_MS = 3000;
const ACTIVATION_ATTEMPTS = 2;

/** The field of a contactless reader: one place for one Type B card. */
export class ContactlessReader implements Reader {
  readonly id: string;
  readonly name: string;
  readonly facts: ReaderFacts;
  readonly #openSession: OpenContactlessSession;
  readonly #settings: ReaderSettings;
  readonly #unplugged: AbortSignal;
  readonly #monitor: FieldMonitor;
  readonly #turnstile = new Turnstile();
  #session: Promise<ContactlessSession> | undefined;
  #connection: SlotConnection | undefined;
  /** Commands and presence checks of one card, one behind the other. */
  #cardQueue: Promise<unknown> = Promise.resolve();
  /** How many of them are under way or wait for their turn. */
  #cardWork = 0;
  #card: ContactlessCard | undefined;

  constructor(
    facts: ReaderFacts,
    openSession: OpenContactlessSession,
    settings: ReaderSettings,
    unplugged: AbortSignal,
  ) {
    this.facts = facts;
    const hex = (id: number): string => id.toString(16).padStart(4, '0');
    this.id = [hex(facts.vendorId), hex(facts.productId), facts.serialNumber ?? '', facts.interfaceNumber, 0].join(':');
    this.name = facts.productName ?? 'Contactless reader';
    this.#openSession = openSession;
    this.#settings = settings;
    this.#unplugged = unplugged;
    this.#monitor = new FieldMonitor(() => this.#look(), settings, unplugged);
    unplugged.addEventListener('abort', () => {
      this.#connection?.end(new CardError('reader_gone', 'the reader was unplugged'));
    });
  }

  watchCard(listener: (state: CardState) => void): () => void {
    return this.#monitor.watch(listener);
  }

  /** Claims the interface without touching a card. @throws {CardError} as {@link Reader.connect} about the reader */
  async claim(): Promise<void> {
    const leave = await this.#turnstile.enter();
    try {
      await this.#claimed();
    } finally {
      leave();
    }
  }

  connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<CardConnection> {
    return connectInTurn(this.#turnstile, signal, (leave) => this.#connect(leave));
  }

  async #connect(leave: () => void): Promise<SlotConnection> {
    try {
      const session = await this.#claimed();
      const card = await activate(session);
      this.#card = card;
      this.#cardQueue = Promise.resolve();
      const transmit = (command: Uint8Array): Promise<Uint8Array> => this.#transmit(session, card, command);
      const release = (idle: Promise<void>): Promise<void> => this.#release(session, card, idle, leave);
      this.#connection = new SlotConnection(
        card.atr,
        { transmit, enterPin: undefined },
        0,
        release,
        this.#settings.trace,
      );
      this.#monitor.tell('present');
      return this.#connection;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The session, opened anew when the last one is of no more use. */
  async #claimed(): Promise<ContactlessSession> {
    if (this.#unplugged.aborted) throw new CardError('reader_gone', 'the reader was unplugged');
    const current = await this.#session?.catch(() => undefined);
    if (current && !current.failure) return current;
    await current?.close(true);
    this.#session = this.#openSession();
    return this.#session;
  }

  #transmit(session: ContactlessSession, card: ContactlessCard, command: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      try {
        return await card.transmit(command);
      } catch (error) {
        // Silent and there, or not there any more?
        const isMute = error instanceof CardError && error.code === 'card_mute';
        if (!isMute || (await session.isCardPresent())) throw error;
        this.#monitor.tell('absent');
        throw new CardError('card_gone', 'the card left the field', { cause: error });
      }
    });
  }

  readonly #workDone = (): void => void this.#cardWork--;

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#cardWork++ === 0 ? work() : this.#cardQueue.then(work);
    this.#cardQueue = result.then(this.#workDone, this.#workDone);
    return result;
  }

  async #release(
    session: ContactlessSession,
    card: ContactlessCard,
    idle: Promise<void>,
    leave: () => void,
  ): Promise<void> {
    this.#connection = undefined;
    session.abort();
    const { promise: tooLong, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#settings.clock.after(BUSY_GRACE_MS, () => resolve(false));
    const isIdle = await Promise.race([idle.then(() => this.#cardQueue).then(() => true), tooLong]);
    cancel();
    this.#card = undefined;
    try {
      if (isIdle && !session.failure) await putToSleep(session, card);
      else await this.#drop(session);
    } finally {
      leave();
    }
  }

  async #drop(session: ContactlessSession): Promise<void> {
    this.#session = undefined;
    await session.close(true);
  }

  /** For the monitor: asks the connected card, or else the field. */
  async #look(): Promise<CardState> {
    const connection = this.#connection;
    const card = this.#card;
    if (connection && card) {
      if (await this.#inTurn(() => card.isPresent())) return 'present';
      connection.end(new CardError('card_gone', 'the card left the field'));
      return 'absent';
    }
    const leave = await this.#turnstile.enter();
    try {
      const session = await this.#claimed();
      return (await session.isCardPresent()) ? 'present' : 'absent';
    } finally {
      leave();
    }
  }

  async close(): Promise<void> {
    this.#monitor.close();
    await this.#connection?.disconnect();
    const leave = await this.#turnstile.enter();
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.close(false);
    leave();
  }
}

/** A card that was selected while its answer got lost ignores ATTRIB: field off, and again. */
async function activate(session: ContactlessSession): Promise<ContactlessCard> {
  for (let attempt = 1; ; attempt++) {
    try {
      await session.fieldOff();
      return await session.activate();
    } catch (error) {
      const mayHelp = error instanceof CardError && error.code === 'card_mute' && attempt < ACTIVATION_ATTEMPTS;
      if (!mayHelp) throw error;
    }
  }
}

async function putToSleep(session: ContactlessSession, card: ContactlessCard): Promise<void> {
  try {
    await card.deselect();
    await session.fieldOff();
  } catch (error) {
    // Gone with its card or its reader: without power either way.
    if (!(error instanceof CardError)) throw error;
  }
}
