import { CardError } from '../errors.ts';
import { isSecretInstruction } from '../iso7816/commands.ts';
import type { CardSession, TransmitApdu } from '../protocol/card-session.ts';
import type { Trace } from '../protocol/trace.ts';
import { encodePinModification, encodePinVerification } from '../protocol/pin-pad.ts';
import type { CardConnection, PinPad } from './reader.ts';

/**
 * A powered card in a slot.
 *
 * Giving up waiting (an aborted signal, a card seen to go) does not stop the reader: the exchange under way is waited
 * for in the background, so that the next command never meets the previous one's answer. A failed exchange ends the
 * connection, because half a command may lie in reader or card and the next one would be joined to it.
 */
export class SlotConnection implements CardConnection {
  readonly atr: Uint8Array;
  readonly pinPad: PinPad | undefined;
  readonly #session: CardSession;
  readonly #release: (idle: Promise<void>) => Promise<void>;
  readonly #trace: Trace | undefined;
  /** Callers whose answer has not come yet. */
  readonly #callers = new Set<Caller>();
  #failure: CardError | undefined;
  /** Settles when nothing is under way any more; never rejects. */
  #queue: Promise<void> = Promise.resolve();
  /** Commands that are under way or wait for their turn. */
  #pending = 0;
  #released: Promise<void> | undefined;

  constructor(
    atr: Uint8Array,
    session: CardSession,
    pinSupport: number,
    release: (idle: Promise<void>) => Promise<void>,
    trace: Trace | undefined,
  ) {
    this.atr = atr;
    this.#session = session;
    this.pinPad = this.#createPinPad(pinSupport);
    this.#release = release;
    this.#trace = trace;
  }

  transmit(command: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    if (command.length < 4) return Promise.reject(new RangeError('a command has at least four bytes'));
    return this.#enqueue(command.slice(), this.#transmit, signal);
  }

  readonly #transmit = (command: Uint8Array): Promise<Uint8Array> => {
    this.#traceCommand(command);
    return this.#session.transmit(command);
  };

  #createPinPad(pinSupport: number): PinPad | undefined {
    const { enterPin } = this.#session;
    if (!enterPin || (pinSupport & 1) === 0) return undefined;
    const enter = (abData: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> =>
      this.#enqueue(abData, enterPin, signal);
    return {
      verify: (template, options, signal) => enter(encodePinVerification(template, options), signal),
      modify:
        (pinSupport & 2) === 0
          ? undefined
          : (template, options, signal) => enter(encodePinModification(template, options), signal),
    };
  }

  /** @param own what is sent; it may hold a PIN and is wiped when the exchange is over */
  #enqueue(own: Uint8Array, carry: TransmitApdu, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const caller = new Caller(signal);
    if (caller.hasGivenUp) return caller.promise;
    this.#callers.add(caller);
    const isFirst = this.#pending++ === 0;
    this.#queue = isFirst ? this.#serve(caller, own, carry) : this.#queue.then(() => this.#serve(caller, own, carry));
    return caller.promise;
  }

  /** Goes on to the end of the exchange when the caller gives up. Never rejects. */
  async #serve(caller: Caller, own: Uint8Array, carry: TransmitApdu): Promise<void> {
    try {
      if (this.#failure) throw this.#failure;
      if (!caller.hasGivenUp) caller.resolve(await this.#perform(own, carry));
    } catch (error) {
      caller.reject(error);
    }
    this.#callers.delete(caller);
    own.fill(0);
    this.#pending--;
  }

  async #perform(own: Uint8Array, carry: TransmitApdu): Promise<Uint8Array> {
    try {
      const answer = await carry(own);
      if (answer.length < 2) throw new CardError('protocol_error', 'an answer without status word');
      this.#trace?.({ kind: 'answer', bytes: answer.slice() });
      return answer;
    } catch (error) {
      if (error instanceof CardError) {
        this.#trace?.({ kind: 'failure', code: error.code });
        this.end(error);
      }
      throw error;
    }
  }

  /** Makes the connection useless for the given reason; the first reason stays. */
  end(reason: CardError): void {
    if (this.#failure) return;
    this.#failure = reason;
    for (const caller of this.#callers) caller.reject(reason);
  }

  disconnect(): Promise<void> {
    this.end(new CardError('card_gone', 'the connection was given up'));
    this.#released ??= this.#release(this.#queue);
    return this.#released;
  }

  #traceCommand(command: Uint8Array): void {
    if (!this.#trace) return;
    const isRedacted = isSecretInstruction(command[1] ?? 0);
    this.#trace({ kind: 'command', bytes: isRedacted ? command.slice(0, 4) : command.slice(), isRedacted });
  }
}

/** Whoever waits for one answer: until it is there, the connection ends, or the caller's own signal says to give up. */
class Caller {
  readonly promise: Promise<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  readonly #settle: PromiseWithResolvers<Uint8Array>;

  constructor(signal: AbortSignal | undefined) {
    this.#settle = Promise.withResolvers();
    this.promise = this.#settle.promise;
    this.#signal = signal;
    if (signal?.aborted) this.#giveUp();
    else signal?.addEventListener('abort', this.#giveUp);
  }

  get hasGivenUp(): boolean {
    return this.#signal?.aborted ?? false;
  }

  resolve(answer: Uint8Array): void {
    this.#signal?.removeEventListener('abort', this.#giveUp);
    this.#settle.resolve(answer);
  }

  reject(reason: unknown): void {
    this.#signal?.removeEventListener('abort', this.#giveUp);
    this.#settle.reject(reason);
  }

  readonly #giveUp = (): void =>
    this.reject(new CardError('aborted', 'the caller gave up', { cause: this.#signal?.reason }));
}
