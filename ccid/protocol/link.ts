import { CardError } from '../errors.ts';
import type { Clock } from '../transport/clock.ts';
import type { UsbPort, UsbPortListener } from '../transport/usb-port.ts';
import { Abortion } from './abortion.ts';
import { MessageAssembler } from './message-assembler.ts';
import { HEADER_LENGTH, messageName, REPLY_TO, type ReplyType } from './message-types.ts';
import { parseReply, type CcidReply } from './replies.ts';
import { encodeRequest, type CcidRequest } from './requests.ts';
import type { Trace } from './trace.ts';

/** The reader's answer, or the end of waiting for it. */
interface Waiter {
  readonly bSlot: number;
  readonly bSeq: number;
  readonly replyType: ReplyType;
  readonly timeoutMs: number;
  readonly answered: PromiseWithResolvers<CcidReply>;
  cancelTimer: () => void;
}

export interface CcidLinkOptions {
  /** Longest message of the reader, bytes: dwMaxCCIDMessageLength. */
  readonly messageLengthMax: number;
  readonly bulkInPacketSize: number;
  readonly clock: Clock;
  /** How long the reader may take to confirm an abort. */
  readonly abortTimeoutMs: number;
  readonly trace?: Trace | undefined;
  readonly onInterrupt: (bytes: Uint8Array) => void;
  readonly onInterruptEnded: () => void;
  /** No request can succeed any more; called once. */
  readonly onBroken: () => void;
}

/**
 * Requests and their replies over one port. One request is under way at a time, which every reader bears
 * (bMaxCCIDBusySlots is 1 in nearly all); replies are matched by slot and sequence number and late ones dropped.
 *
 * A request that timed out is aborted; where the reader does not confirm that, the link is broken and the port has to be
 * opened anew.
 */
export class CcidLink implements UsbPortListener {
  readonly #options: CcidLinkOptions;
  readonly #assembler: MessageAssembler;
  #port: UsbPort | undefined;
  #waiter: Waiter | undefined;
  #nextSeq = 0;
  /** Settles when the reader is fit for the next request; never rejects. */
  #queue: Promise<void> = Promise.resolve();
  /** Requests that are under way or wait for their turn. */
  #pending = 0;
  #failure: CardError | undefined;
  /** Slot and sequence number of the request whose reply never came. */
  #unanswered: readonly [bSlot: number, bSeq: number] | undefined;
  #abortion: Abortion | undefined;

  constructor(options: CcidLinkOptions) {
    this.#options = options;
    this.#assembler = new MessageAssembler(options.messageLengthMax, options.bulkInPacketSize);
  }

  /** The port whose listener this link is; once, before the first request. */
  attach(port: UsbPort): void {
    this.#port = port;
  }

  /** Why no request can succeed any more, or `undefined` while the link works. */
  get failure(): CardError | undefined {
    return this.#failure;
  }

  /**
   * Sends a request and resolves with its reply, also when that says `failed`. Time extensions start the waiting anew,
   * as often as the reader asks.
   *
   * @throws {CardError} `timeout`, `reader_gone`, `reader_fault`, `protocol_error`
   */
  request(bSlot: number, request: CcidRequest, timeoutMs: number): Promise<CcidReply> {
    // The caller has the reply at once and need not wait until the reader is fit for the next request.
    const answered = Promise.withResolvers<CcidReply>();
    const isFirst = this.#pending++ === 0;
    this.#queue = isFirst
      ? this.#serve(bSlot, request, timeoutMs, answered)
      : this.#queue.then(() => this.#serve(bSlot, request, timeoutMs, answered));
    return answered.promise;
  }

  /**
   * Gives up the request that is under way in this slot, if there is one; readers that cannot go on working. Resolves
   * when the reader was told.
   */
  async abort(bSlot: number): Promise<void> {
    if (!this.#port || this.#waiter?.bSlot !== bSlot) return;
    this.#abortion ??= new Abortion(this.#port, bSlot, this.#waiter.bSeq);
    await this.#abortion.wasSent();
  }

  /** Carries one request to its end, and the reader to where it takes the next. Never rejects. */
  async #serve(
    bSlot: number,
    request: CcidRequest,
    timeoutMs: number,
    answered: PromiseWithResolvers<CcidReply>,
  ): Promise<void> {
    try {
      this.#send(bSlot, request, timeoutMs, answered);
      await answered.promise;
    } catch (error) {
      // Without effect where it is the answer that failed.
      answered.reject(error);
    }
    this.#waiter?.cancelTimer();
    this.#waiter = undefined;
    const recovering = this.#recover();
    if (recovering) await recovering;
    this.#pending--;
  }

  #send(bSlot: number, request: CcidRequest, timeoutMs: number, answered: PromiseWithResolvers<CcidReply>): void {
    if (this.#failure) throw this.#failure;
    const port = this.#port;
    if (!port) throw new TypeError('the link has no port yet');
    const bSeq = this.#nextSeq;
    this.#nextSeq = (bSeq + 1) & 0xff;
    this.#assembler.clear();

    const message = encodeRequest(request, bSlot, bSeq);
    const replyType = REPLY_TO[request.bMessageType];
    this.#waiter = { bSlot, bSeq, replyType, timeoutMs, answered, cancelTimer: this.#startTimer(timeoutMs) };
    this.#traceRequest(request, bSlot, bSeq);
    // The reply's time-out also bounds a transfer that the device never takes.
    port.bulkOut(message).catch(answered.reject);
  }

  #startTimer(timeoutMs: number): () => void {
    return this.#options.clock.after(timeoutMs, () => {
      if (!this.#waiter) return;
      this.#unanswered = [this.#waiter.bSlot, this.#waiter.bSeq];
      // Half a reply would swallow what comes next.
      this.#assembler.clear();
      this.#waiter.answered.reject(new CardError('timeout', 'the reader did not answer in time'));
    });
  }

  /**
   * A reader that left a request unanswered is asked to abort it; one that does not confirm is not to be trusted with
   * another.
   */
  #recover(): Promise<void> | undefined {
    const abortion =
      this.#abortion ?? (this.#unanswered && this.#port && new Abortion(this.#port, ...this.#unanswered));
    if (!abortion || this.#failure) return undefined;
    return this.#awaitAbortion(abortion);
  }

  async #awaitAbortion(abortion: Abortion): Promise<void> {
    this.#abortion = abortion;
    const isUnanswered = this.#unanswered !== undefined;
    const isConfirmed = await abortion.isConfirmed(this.#options.clock, this.#options.abortTimeoutMs);
    this.#abortion = undefined;
    this.#unanswered = undefined;
    // A reader that refused to abort but answered in the end is as good as before.
    if (isConfirmed || (!isUnanswered && !(await abortion.wasSent()))) return;
    this.#break(new CardError('reader_fault', 'the reader did not answer an earlier request'));
  }

  bulkIn(bytes: Uint8Array): void {
    for (const message of this.#assembler.add(bytes)) {
      if (message === 'garbage') this.#drop('garbage', bytes.length);
      else this.#receive(message);
    }
  }

  #receive(message: Uint8Array): void {
    const waiter = this.#waiter;
    if (this.#abortion?.takes(message)) return;
    // Compared before the rest is believed: a late reply may be as malformed as it likes.
    if (!waiter) return this.#drop('unasked', message.length);
    if (message[5] !== waiter.bSlot || message[6] !== waiter.bSeq) return this.#drop('late', message.length);
    let reply: CcidReply;
    try {
      reply = parseReply(message);
    } catch (cause) {
      return waiter.answered.reject(new CardError('protocol_error', 'the reader sent a malformed message', { cause }));
    }
    this.#traceReply(message, reply);
    if (reply.commandStatus === 'time-extension') {
      waiter.cancelTimer();
      waiter.cancelTimer = this.#startTimer(waiter.timeoutMs * Math.max(1, reply.bError));
      return;
    }
    // Some readers report every failure as a slot status.
    if (reply.bMessageType !== waiter.replyType && reply.commandStatus !== 'failed')
      return waiter.answered.reject(new CardError('protocol_error', 'the reader sent the wrong kind of reply'));
    waiter.answered.resolve(reply);
  }

  interruptIn(bytes: Uint8Array): void {
    this.#options.trace?.({ kind: 'slot-change', bytes: bytes.slice() });
    this.#options.onInterrupt(bytes);
  }

  bulkInLost(reason: CardError): void {
    this.#assembler.clear();
    this.#waiter?.answered.reject(reason);
  }

  interruptInEnded(): void {
    this.#options.onInterruptEnded();
  }

  ended(reason: CardError): void {
    this.#break(reason);
    this.#waiter?.answered.reject(reason);
  }

  #break(reason: CardError): void {
    if (this.#failure) return;
    this.#failure = reason;
    this.#options.onBroken();
  }

  #drop(reason: 'garbage' | 'late' | 'unasked', length: number): void {
    this.#options.trace?.({ kind: 'dropped', reason, length });
  }

  #traceRequest(request: CcidRequest, bSlot: number, bSeq: number): void {
    if (!this.#options.trace) return;
    const name = messageName(request.bMessageType);
    this.#options.trace({ kind: 'message', direction: 'out', name, bSlot, bSeq, length: request.abData.length });
  }

  #traceReply(message: Uint8Array, { bMessageType, bSlot, bSeq, bError }: CcidReply): void {
    if (!this.#options.trace) return;
    this.#options.trace({
      kind: 'message',
      direction: 'in',
      name: messageName(bMessageType),
      bSlot,
      bSeq,
      length: message.length - HEADER_LENGTH,
      bStatus: message[7] ?? 0,
      bError,
    });
  }
}
