import { CardError } from '../../errors.ts';
import { concatBytes } from '../../iso7816/bytes.ts';
import type { Trace } from '../../protocol/trace.ts';
import type { Clock } from '../../transport/clock.ts';
import type { UsbPort, UsbPortListener } from '../../transport/usb-port.ts';
import { ACK_FRAME, encodeFrame, FrameAssembler, type Port100Frame } from './port100-frame.ts';

interface Waiter {
  readonly code: number;
  isAcknowledged: boolean;
  readonly resolve: (parameters: Uint8Array) => void;
  readonly reject: (reason: CardError) => void;
}

const TO_READER = 0xd6;
const FROM_READER = 0xd7;

/**
 * Commands and their responses over one port, one at a time. A response counts only behind an ACK and with the code of
 * its command; a command that goes unanswered breaks the link, because nothing tells its late response from the next
 * one's.
 */
export class Port100Link implements UsbPortListener {
  readonly #clock: Clock;
  readonly #trace: Trace | undefined;
  readonly #assembler = new FrameAssembler();
  #port: UsbPort | undefined;
  #waiter: Waiter | undefined;
  #failure: CardError | undefined;

  constructor(clock: Clock, trace: Trace | undefined) {
    this.#clock = clock;
    this.#trace = trace;
  }

  /** The port whose listener this link is; once, before the first command. */
  attach(port: UsbPort): void {
    this.#port = port;
  }

  /** Why no command can succeed any more, or `undefined` while the link works. */
  get failure(): CardError | undefined {
    return this.#failure;
  }

  /** Ends whatever an earlier page left under way. @throws {CardError} `reader_gone`, `reader_fault` */
  async reset(): Promise<void> {
    await this.#port?.bulkOut(ACK_FRAME);
  }

  /**
   * Sends `D6 code parameters` and resolves with what follows `D7 code+1`.
   *
   * @throws {CardError} `timeout`, `aborted`, `reader_gone`, `reader_fault`, `protocol_error`
   */
  async command(code: number, parameters: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    if (!this.#port || this.#waiter) throw new TypeError('one command at a time, on an attached link');
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const cancelTimer = this.#clock.after(timeoutMs, () =>
      reject(new CardError('timeout', 'the reader did not answer in time')),
    );
    this.#waiter = { code, isAcknowledged: false, resolve, reject };
    this.#port.bulkOut(encodeFrame(concatBytes(Uint8Array.of(TO_READER, code), parameters))).catch(reject);
    try {
      return await promise;
    } catch (error) {
      this.#break(error instanceof CardError ? error : new CardError('reader_fault', 'a command failed'));
      throw error;
    } finally {
      cancelTimer();
      this.#waiter = undefined;
    }
  }

  /** Gives up the command that is under way, if there is one: an ACK ends it in the reader too. */
  abort(): void {
    if (!this.#waiter || !this.#port) return;
    this.#waiter.reject(new CardError('aborted', 'the command was given up'));
    // Whether it is taken or not, the link is opened anew.
    this.#port.bulkOut(ACK_FRAME).catch(() => {});
  }

  bulkIn(bytes: Uint8Array): void {
    for (const frame of this.#assembler.add(bytes)) {
      if (frame === 'garbage') this.#trace?.({ kind: 'dropped', reason: 'garbage', length: bytes.length });
      else this.#receive(frame, bytes.length);
    }
  }

  #receive(frame: Port100Frame, length: number): void {
    const waiter = this.#waiter;
    if (!waiter) return this.#trace?.({ kind: 'dropped', reason: 'unasked', length });
    if (frame.kind === 'ack') {
      waiter.isAcknowledged = true;
      return;
    }
    if (frame.kind === 'error') return waiter.reject(new CardError('reader_fault', 'the reader refused a frame'));
    const [direction, code] = frame.data;
    if (!waiter.isAcknowledged || direction !== FROM_READER || code !== waiter.code + 1)
      return this.#trace?.({ kind: 'dropped', reason: 'late', length });
    waiter.resolve(frame.data.subarray(2));
  }

  interruptIn(): void {
    // The reader has no interrupt endpoint.
  }

  interruptInEnded(): void {
    // The same.
  }

  bulkInLost(reason: CardError): void {
    this.#assembler.clear();
    this.#waiter?.reject(reason);
  }

  ended(reason: CardError): void {
    this.#break(reason);
    this.#waiter?.reject(reason);
  }

  #break(reason: CardError): void {
    this.#failure ??= reason;
  }
}
