import { CardError } from '../errors.ts';
import { encodeBlock, parseBlock, PROLOGUE_LENGTH, type Block, type BlockNumber } from './block.ts';
import { Conversation } from './conversation.ts';
import type { RawFramePort } from './raw-frame-port.ts';

/** What activation fixed. */
export interface IsoDepParameters {
  /** Longest frame the card accepts, bytes with CRC. */
  readonly fsc: number;
  /** Frame waiting time, milliseconds. */
  readonly fwtMs: number;
}

const CRC_LENGTH = 2;
/** No waiting time is longer, extended or not (ISO 14443-4 §7.3), milliseconds. */
const FWT_MAX_MS = 4949;
/** Between the end of the reader's frame and the moment the reader notices the card's: 49152/fc, rounded up. */
const FWT_MARGIN_MS = 4;
/** How long one command may keep the caller waiting by extensions of the waiting time, milliseconds. */
const EXTENSIONS_MAX_MS = 120_000;
/** What an extension costs at least, so that short ones come to an end too. */
const EXTENSION_MIN_MS = 20;
const DESELECT_ATTEMPTS = 2;
const PRESENCE_ATTEMPTS = 3;

/** The reader's half of ISO-DEP with one activated card (ISO 14443-4 §7). One call at a time. */
export class IsoDep {
  readonly #port: RawFramePort;
  readonly #fwtMs: number;
  readonly #infMax: number;
  /** Rule A. */
  #number: BlockNumber = 0;

  constructor(port: RawFramePort, { fsc, fwtMs }: IsoDepParameters) {
    this.#port = port;
    this.#fwtMs = fwtMs;
    this.#infMax = Math.min(fsc - CRC_LENGTH, port.frameLengthMax) - PROLOGUE_LENGTH;
  }

  /**
   * Carries one command APDU. After a failure the card has to be activated anew.
   *
   * @throws {CardError} `card_mute`, `protocol_error`, `timeout`, and what the port throws
   */
  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const conversation = new Conversation(command, this.#number, this.#infMax);
    let granted = 0;
    let step = conversation.start();
    while (step.kind === 'send') {
      const waitMs = Math.min(this.#fwtMs * step.waitFactor, FWT_MAX_MS);
      if (isExtension(step.frame)) granted += Math.max(waitMs, EXTENSION_MIN_MS);
      if (granted > EXTENSIONS_MAX_MS) throw new CardError('timeout', 'the card asks for more time again and again');
      step = conversation.receive(await this.#port.exchange(step.frame, Math.ceil(waitMs) + FWT_MARGIN_MS));
    }
    if (step.kind === 'failure') throw step.error;
    this.#number = conversation.number;
    return step.bytes;
  }

  /** Whether the card still answers; between commands only (R(NAK) presence check, §7.5.6). */
  async isPresent(): Promise<boolean> {
    for (let attempt = 0; attempt < PRESENCE_ATTEMPTS; attempt++) {
      const block = await this.#ask({ kind: 'R-NAK', number: this.#number });
      if (block) return true;
    }
    return false;
  }

  /** Puts the card to sleep; one that does not confirm is ignored (rule 8). @throws {CardError} about the reader */
  async deselect(): Promise<void> {
    for (let attempt = 0; attempt < DESELECT_ATTEMPTS; attempt++)
      if ((await this.#ask({ kind: 'S-DESELECT' }))?.kind === 'S-DESELECT') return;
  }

  /** The card's answer to a block outside of any command, or `undefined` when there is none that makes sense. */
  async #ask(block: Block): Promise<Block | undefined> {
    const outcome = await this.#port.exchange(encodeBlock(block), Math.ceil(this.#fwtMs) + FWT_MARGIN_MS);
    if (outcome.kind !== 'frame') return undefined;
    try {
      return parseBlock(outcome.bytes);
    } catch {
      return undefined;
    }
  }
}

function isExtension(frame: Uint8Array): boolean {
  return frame[0] === 0xf2;
}
