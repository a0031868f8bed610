import { CardError } from '../errors.ts';
import { encodeBlock, parseBlock, T1BlockError, type Edc, type T1Block, type T1Error } from './t1-block.ts';

/** What came back for one block: bytes, or what the reader noticed instead. */
export type T1Received = Uint8Array | 'parity-error' | 'mute';

/** Carries one block and returns the card's; `bBWI` multiplies the block waiting time of this one transfer. */
export type T1Exchange = (block: Uint8Array, bBWI: number) => Promise<T1Received>;

/** Attempts per block before the protocol is synchronised anew (ISO 7816-3 §11.6.3, rule 7.4). */
export const ATTEMPTS_MAX = 3;

/** Thrown inside the protocol when {@link ATTEMPTS_MAX} attempts brought no usable block. */
export class T1Lost extends Error {
  /** Whether there was nothing but silence. */
  readonly isMute: boolean;

  constructor(isMute: boolean) {
    super('no usable block');
    this.name = 'T1Lost';
    this.isMute = isMute;
  }
}

/** Thrown inside the protocol when the card aborted the chain: the command will not be answered. */
export class T1Aborted extends Error {
  override readonly name = 'T1Aborted';
}

/**
 * Half a turn of T=1: a block goes out, the block that answers it comes back. Errors on the way are asked about with
 * R-blocks, and the card's own requests (more time, another information field size, abort) are granted on the way.
 */
export class T1Conversation {
  readonly edc: Edc;
  /** Largest information field the card accepts now. */
  ifsc: number;
  readonly #exchange: T1Exchange;

  constructor(exchange: T1Exchange, edc: Edc, ifsc: number) {
    this.#exchange = exchange;
    this.edc = edc;
    this.ifsc = ifsc;
  }

  /**
   * Sends `block` and returns the first answer that is in order, for which `isExpected` says whether it fits.
   *
   * @param nr sequence number of the next I-block awaited, for R-blocks
   * @throws {T1Lost} {@link T1Aborted}, and whatever the exchange throws
   */
  async ask(block: T1Block, nr: 0 | 1, isExpected: (reply: T1Block) => boolean): Promise<T1Block> {
    let next = block;
    let bBWI = 0;
    let isMute = true;
    for (let failures = 0; failures < ATTEMPTS_MAX + 1;) {
      const received = this.#parse(await this.#exchange(encodeBlock(next, this.edc), bBWI));
      bBWI = 0;
      if (received.kind === 'failure') {
        isMute &&= received.isMute;
        failures++;
        next = this.#recover(block, nr, received.error);
        continue;
      }
      const request = received.block;
      if (request.kind === 's' && !request.isResponse && request.type !== 'resync') {
        if (request.type === 'wtx') bBWI = request.inf[0] ?? 0;
        next = await this.#grant(request, bBWI);
        continue;
      }
      if (isExpected(received.block)) return received.block;
      isMute = false;
      failures++;
      next = this.#recover(block, nr, 'other');
    }
    throw new T1Lost(isMute);
  }

  /** Rule 7.3 repeats S(request); rules 7.1 and 7.2 answer everything else with the R-block that says what is awaited. */
  #recover(sent: T1Block, nr: 0 | 1, error: T1Error): T1Block {
    if (sent.kind === 's' && !sent.isResponse) return sent;
    if (sent.kind === 'r') return sent;
    return { kind: 'r', nr, error };
  }

  /** The answer to a request of the card (rules 3, 4 and 9). */
  async #grant(request: T1Block & { kind: 's' }, bBWI: number): Promise<T1Block> {
    const response: T1Block = { ...request, isResponse: true };
    if (request.type === 'ifs') {
      const size = request.inf[0] ?? 0;
      if (size > 0 && size < 0xff) this.ifsc = size;
    }
    if (request.type !== 'abort') return response;
    await this.#exchange(encodeBlock(response, this.edc), bBWI);
    throw new T1Aborted();
  }

  #parse(
    received: T1Received,
  ): { kind: 'block'; block: T1Block } | { kind: 'failure'; error: 'edc' | 'other'; isMute: boolean } {
    if (received === 'mute') return { kind: 'failure', error: 'other', isMute: true };
    if (received === 'parity-error') return { kind: 'failure', error: 'edc', isMute: false };
    try {
      return { kind: 'block', block: parseBlock(received, this.edc) };
    } catch (error) {
      if (!(error instanceof T1BlockError)) throw error;
      return { kind: 'failure', error: error.reason, isMute: false };
    }
  }
}

/** The failure of a conversation as this library reports it; everything else passes unchanged. */
export function t1Failure(error: unknown): unknown {
  if (error instanceof T1Lost)
    return error.isMute
      ? new CardError('card_mute', 'the card does not answer')
      : new CardError('protocol_error', 'the card and the reader do not understand each other', { cause: error });
  if (error instanceof T1Aborted) return new CardError('protocol_error', 'the card aborted the exchange');
  return error;
}
