import { CardError } from '../errors.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import type { T1Block } from './t1-block.ts';
import {
  ATTEMPTS_MAX,
  T1Conversation,
  t1Failure,
  T1Lost,
  type T1Exchange,
  type T1Received,
} from './t1-conversation.ts';

export interface T1Options {
  readonly edc: 'lrc' | 'crc';
  /** IFSC of the ATR, 1 to 254. */
  readonly ifsc: number;
}

/** The longest R-APDU; a card whose chain goes on is lost. */
const RESPONSE_MAX = 65_538;

/** Carries command APDUs over T=1 (ISO 7816-3 §11): chaining both ways, error recovery, resynchronisation. */
export class T1 {
  readonly #conversation: T1Conversation;
  /** Carries the next block instead of the exchange, once. */
  #detour: T1Exchange | undefined;
  /** Sequence number of our next I-block. */
  #ns: 0 | 1 = 0;
  /** Sequence number of the card's next I-block. */
  #nr: 0 | 1 = 0;
  #needsResync = false;

  constructor(exchange: T1Exchange, { edc, ifsc }: T1Options) {
    this.#conversation = new T1Conversation(
      (block, bBWI) => {
        const carry = this.#detour ?? exchange;
        this.#detour = undefined;
        return carry(block, bBWI);
      },
      edc,
      ifsc,
    );
  }

  /** Tells the card how large a block the reader takes (§11.4.2); a card that does not answer keeps to 32 bytes. */
  async announceIfsd(ifsd: number): Promise<void> {
    const request: T1Block = { kind: 's', type: 'ifs', isResponse: false, inf: Uint8Array.of(ifsd) };
    try {
      await this.#conversation.ask(
        request,
        this.#nr,
        (reply) => reply.kind === 's' && reply.isResponse && reply.type === 'ifs' && reply.inf[0] === ifsd,
      );
    } catch (error) {
      if (!(error instanceof T1Lost) || error.isMute) throw t1Failure(error);
    }
  }

  /**
   * One command and its response.
   *
   * A command that the card may have begun to work on is never sent again from its start: the caller gets
   * `protocol_error` instead, and the next command works after resynchronisation.
   *
   * @throws {CardError} `card_mute`, `protocol_error`, and whatever the exchange throws
   */
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    try {
      if (this.#needsResync) await this.#resync();
      return await this.#receive(await this.#sendWithRestart(apdu));
    } catch (error) {
      this.#needsResync = true;
      throw t1Failure(error);
    }
  }

  /**
   * One command that the reader completes before it sends it: `send` gets the prologue of its block, whose length the
   * reader corrects, and resolves with the card's answer. Lost or refused, it is never sent again.
   *
   * @throws {CardError} as {@link transmit}
   */
  async transmitCompleted(
    template: Uint8Array,
    send: (prologue: Uint8Array) => Promise<T1Received>,
  ): Promise<Uint8Array> {
    try {
      if (this.#needsResync) await this.#resync();
      this.#detour = (block) => send(block.slice(0, 3));
      const block: T1Block = { kind: 'i', ns: this.#ns, more: false, inf: template };
      const reply = await this.#conversation.ask(
        block,
        this.#nr,
        (candidate) => candidate.kind === 'r' || (candidate.kind === 'i' && candidate.ns === this.#nr),
      );
      if (reply.kind !== 'i') throw new T1Lost(false);
      this.#ns = flip(this.#ns);
      return await this.#receive(reply);
    } catch (error) {
      this.#needsResync = true;
      throw t1Failure(error);
    }
  }

  async #sendWithRestart(apdu: Uint8Array): Promise<T1Block & { kind: 'i' }> {
    const progress = { isLastSent: false };
    try {
      return await this.#send(apdu, progress);
    } catch (error) {
      if (!(error instanceof T1Lost) || progress.isLastSent) throw error;
      await this.#resync();
      return this.#send(apdu, progress);
    }
  }

  /** Sends all blocks of the command; returns the first of the response, which acknowledges the last. */
  async #send(apdu: Uint8Array, progress: { isLastSent: boolean }): Promise<T1Block & { kind: 'i' }> {
    for (let at = 0; ;) {
      const inf = apdu.slice(at, at + this.#conversation.ifsc);
      const more = at + inf.length < apdu.length;
      progress.isLastSent = !more;
      const reply = await this.#deliver({ kind: 'i', ns: this.#ns, more, inf });
      this.#ns = flip(this.#ns);
      if (reply.kind === 'i') return reply;
      at += inf.length;
    }
  }

  /** Sends one I-block, again when the card asks for it, until it is acknowledged. */
  async #deliver(block: T1Block & { kind: 'i' }): Promise<T1Block & { kind: 'i' | 'r' }> {
    for (let attempt = 0; attempt <= ATTEMPTS_MAX; attempt++) {
      const reply = await this.#conversation.ask(block, this.#nr, (candidate) => {
        if (candidate.kind === 'r') return candidate.nr === block.ns || block.more;
        return candidate.kind === 'i' && !block.more && candidate.ns === this.#nr;
      });
      if (reply.kind === 'i' || (reply.kind === 'r' && reply.nr !== block.ns)) return reply;
    }
    throw new T1Lost(false);
  }

  async #receive(first: T1Block & { kind: 'i' }): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let block = first; ;) {
      parts.push(block.inf);
      length += block.inf.length;
      this.#nr = flip(this.#nr);
      if (!block.more) return concatBytes(...parts);
      if (length > RESPONSE_MAX) throw new CardError('protocol_error', 'the response has no end');
      const isNext = (reply: T1Block): boolean => reply.kind === 'i' && reply.ns === this.#nr;
      const reply = await this.#conversation.ask({ kind: 'r', nr: this.#nr, error: 'none' }, this.#nr, isNext);
      if (reply.kind !== 'i') throw new T1Lost(false);
      block = reply;
    }
  }

  /** Both sides begin at zero again (rule 6); what was under way is forgotten. */
  async #resync(): Promise<void> {
    const request: T1Block = { kind: 's', type: 'resync', isResponse: false, inf: new Uint8Array() };
    const isAnswer = (reply: T1Block): boolean => reply.kind === 's' && reply.isResponse && reply.type === 'resync';
    await this.#conversation.ask(request, this.#nr, isAnswer);
    this.#ns = 0;
    this.#nr = 0;
    this.#needsResync = false;
  }
}

function flip(bit: 0 | 1): 0 | 1 {
  return bit === 0 ? 1 : 0;
}
