import { CardError } from '../errors.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import { encodeBlock, parseBlock, type Block, type BlockNumber } from './block.ts';
import type { FrameOutcome } from './raw-frame-port.ts';

/** What is to be done next with one command. */
export type Step =
  /** Send the frame and wait `waitFactor` frame waiting times for what comes back. */
  | { readonly kind: 'send'; readonly frame: Uint8Array; readonly waitFactor: number }
  /** The response is whole. */
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'failure'; readonly error: CardError };

/** How often in a row a lost or broken block is asked for again. */
const RECOVERIES_MAX = 4;
/** Longest response APDU, bytes. */
const ANSWER_LENGTH_MAX = 65_538;

type IBlock = Extract<Block, { readonly kind: 'I' }>;

/**
 * The reader's half of ISO-DEP for one command APDU (ISO 14443-4 §7.5), without time or transport: it is told what came
 * back and says what to send.
 *
 * An I-block is sent again only when the card said, asked with R(NAK), that it never got it: cards carry out whatever
 * I-block they receive, whatever its number (rule D), and no command may be carried out twice.
 */
export class Conversation {
  readonly #parts: readonly Uint8Array[];
  #part = 0;
  #number: BlockNumber;
  #answer: Uint8Array[] = [];
  #answerLength = 0;
  #lastSent: 'I' | 'R-ACK' | 'R-NAK' | 'S-WTX' = 'I';
  #recoveries = 0;
  #resends = 0;

  constructor(command: Uint8Array, number: BlockNumber, infMax: number) {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < command.length; at += infMax) parts.push(command.slice(at, at + infMax));
    this.#parts = parts.length > 0 ? parts : [command];
    this.#number = number;
  }

  /** The reader's current block number: the next command begins with it. */
  get number(): BlockNumber {
    return this.#number;
  }

  start(): Step {
    return this.#sendPart();
  }

  receive(outcome: FrameOutcome): Step {
    if (outcome.kind !== 'frame') return this.#recover(outcome.kind);
    let block: Block;
    try {
      block = parseBlock(outcome.bytes);
    } catch {
      return this.#recover('garbled');
    }
    switch (block.kind) {
      case 'I':
        return this.#onI(block);
      case 'R-ACK':
        return this.#onAck(block.number);
      case 'S-WTX':
        // Rule 3; bits 8 and 7 of the answer are zero (§7.3).
        this.#recoveries = 0;
        this.#lastSent = 'S-WTX';
        return send({ kind: 'S-WTX', wtxm: block.wtxm, powerLevel: 0 }, block.wtxm);
      default:
        return this.#recover('garbled');
    }
  }

  #onI({ number, more, inf }: IBlock): Step {
    const isResponseDue = this.#part === this.#parts.length - 1;
    // A chained block without content would go on for ever.
    if (!isResponseDue || number !== this.#number || (more && inf.length === 0)) return this.#recover('garbled');
    this.#answer.push(inf);
    this.#answerLength += inf.length;
    if (this.#answerLength > ANSWER_LENGTH_MAX)
      return fail('protocol_error', 'the card sends more than a response can hold');
    this.#toggle();
    if (!more) return { kind: 'answer', bytes: concatBytes(...this.#answer) };
    this.#lastSent = 'R-ACK';
    return send({ kind: 'R-ACK', number: this.#number });
  }

  #onAck(number: BlockNumber): Step {
    const isChainingResponse = this.#answer.length > 0;
    const isLastPart = this.#part === this.#parts.length - 1;
    if (number === this.#number) {
      // Rule 7. In answer to the last part it makes no sense.
      if (isLastPart) return this.#recover('garbled');
      this.#toggle();
      this.#part++;
      return this.#sendPart();
    }
    // Rule 6: the card does not know the last I-block. Unasked it is an old block that comes late.
    if (this.#lastSent !== 'R-NAK' || isChainingResponse || ++this.#resends > RECOVERIES_MAX)
      return this.#recover('garbled');
    return this.#sendPart({ isAgain: true });
  }

  /** Rules 4 and 5. */
  #recover(reason: 'silent' | 'garbled'): Step {
    if (++this.#recoveries > RECOVERIES_MAX)
      return reason === 'silent'
        ? fail('card_mute', 'the card does not answer')
        : fail('protocol_error', 'the card cannot be understood');
    const isChainingResponse = this.#answer.length > 0;
    this.#lastSent = isChainingResponse ? 'R-ACK' : 'R-NAK';
    return send({ kind: this.#lastSent, number: this.#number });
  }

  #sendPart({ isAgain = false } = {}): Step {
    const inf = this.#parts[this.#part] ?? new Uint8Array();
    if (!isAgain) this.#resends = 0;
    this.#lastSent = 'I';
    return send({ kind: 'I', number: this.#number, more: this.#part < this.#parts.length - 1, inf });
  }

  /** Rule B; what was awaited has come. */
  #toggle(): void {
    this.#number = this.#number === 0 ? 1 : 0;
    this.#recoveries = 0;
  }
}

function send(block: Block, waitFactor = 1): Step {
  return { kind: 'send', frame: encodeBlock(block), waitFactor };
}

function fail(code: 'card_mute' | 'protocol_error', detail: string): Step {
  return { kind: 'failure', error: new CardError(code, detail) };
}
