import type { CardError } from '../../errors.ts';
import type { TransmitApdu } from '../../protocol/card-session.ts';

/** A card in the field that is ready for commands. */
export interface ContactlessCard {
  readonly atr: Uint8Array;
  readonly transmit: TransmitApdu;
  /** Whether it still answers; between commands only. */
  isPresent(): Promise<boolean>;
  /** Puts it to sleep. */
  deselect(): Promise<void>;
}

/** A claimed contactless reader. One call at a time, except {@link abort}. */
export interface ContactlessSession {
  /** Why no call can succeed any more, or `undefined` while the reader works. */
  readonly failure: CardError | undefined;
  /** @throws {CardError} `card_absent`, `card_mute`, `card_unsupported`, and about the reader */
  activate(): Promise<ContactlessCard>;
  /** Whether a Type B card is in the field; ends what was activated. @throws {CardError} about the reader */
  isCardPresent(): Promise<boolean>;
  /** Switches the field off, which takes the card's power. @throws {CardError} about the reader */
  fieldOff(): Promise<void>;
  /** Gives up the call that is under way, where the reader can. */
  abort(): void;
  /** Gives the interface back; `isHung` restarts the reader. Never rejects. */
  close(isHung: boolean): Promise<void>;
}

/** Claims the reader and makes it ready. @throws {CardError} `reader_busy`, `reader_denied`, `reader_gone`, `reader_fault` */
export type OpenContactlessSession = () => Promise<ContactlessSession>;
