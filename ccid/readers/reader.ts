import type { CardChannel } from '../iso7816/card-channel.ts';
import type { PinEntryOptions, PinModificationOptions } from '../protocol/pin-pad.ts';
import type { ExchangeLevel } from '../protocol/class-descriptor.ts';

/** Whether a card lies in or on a reader. */
export type CardState = 'absent' | 'present';

/** What is known of a reader without touching it. */
export interface ReaderFacts {
  /** 0 where the operating system gives a reader's name alone. */
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturerName: string | undefined;
  readonly productName: string | undefined;
  readonly serialNumber: string | undefined;
  readonly interfaceNumber: number;
  /** Class of the interface; browsers protect 0B. */
  readonly interfaceClass: number;
  readonly slot: number;
  /** CCID's exchange level; `iso-dep` for a contactless reader that is no CCID reader, `pc-sc` for the system's own. */
  readonly level: ExchangeLevel | 'iso-dep' | 'pc-sc';
  /** Bits: 1 = verification, 2 = modification on the reader's own keys, as the descriptor claims. */
  readonly pinSupport: number;
}

/** One place for a card: a slot of an attached device. */
export interface Reader {
  /** The same for the same device, interface and slot, also after it was unplugged and came back. */
  readonly id: string;
  /** The product's name and, when there are several, the slot. */
  readonly name: string;
  readonly facts: ReaderFacts;

  /**
   * Tells the listener whether a card is there, now and at every change, until the returned function is called. An
   * unplugged reader is `absent` for ever. The reader is claimed for as long as it is watched.
   */
  watchCard(listener: (state: CardState) => void): () => void;

  /**
   * Powers the card on. One connection at a time; a second call waits for the first to disconnect.
   *
   * @throws {CardError} `card_absent`, `card_mute`, `card_unsupported`, `reader_busy`, `reader_denied`,
   *   `protected_interface`, `reader_gone`, `reader_fault`, `timeout`, `aborted`
   */
  connect(options?: { readonly signal?: AbortSignal }): Promise<CardConnection>;

  /** Ends connections and watching and gives the interface back; the reader can be used again afterwards. */
  close(): Promise<void>;
}

/** PIN entry on the reader's own keys: the PIN goes from the keys to the card and never through this library. */
export interface PinPad {
  /**
   * Completes `template` (a VERIFY without or with padded data) with what the person types and sends it. Resolves with
   * the card's response; 6401 stands for cancelled, 6400 for nobody typed.
   */
  verify(template: Uint8Array, options: PinEntryOptions, signal?: AbortSignal): Promise<Uint8Array>;
  /** The same for CHANGE REFERENCE DATA. `undefined` when the reader cannot. */
  readonly modify:
    ((template: Uint8Array, options: PinModificationOptions, signal?: AbortSignal) => Promise<Uint8Array>) | undefined;
}

/**
 * A powered card. After a failed exchange only `disconnect` is of use, and then a new `connect`; giving up with an
 * AbortSignal is no failure.
 */
export interface CardConnection extends CardChannel {
  /** The answer to reset. */
  readonly atr: Uint8Array;
  /** The keys of the reader, when it has some that this connection can use. */
  readonly pinPad: PinPad | undefined;
  /** Powers the card off and lets the next caller in. Never rejects. */
  disconnect(): Promise<void>;
}

/** The readers this page may use, kept up to date. */
export interface ReaderWatch {
  readonly readers: readonly Reader[];
  /** Permitted devices that look like readers and could not be asked. */
  readonly failures: readonly ReaderFailure[];
  /** Calls the listener with the list now and at every change, until the returned function is called. */
  subscribe(listener: (readers: readonly Reader[]) => void): () => void;
  /** Stops watching and closes every reader of the list. */
  close(): Promise<void>;
}

/** A device that did not become a reader, and the reason. */
export interface ReaderFailure {
  readonly productName: string | undefined;
  readonly code: string;
}
