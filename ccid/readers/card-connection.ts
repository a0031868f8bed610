import { CardError, throwIfAborted } from '../errors.ts';
import { isSecretInstruction } from '../iso7816/commands.ts';
import type { CardSession } from '../protocol/card-session.ts';
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
  readonly #waiting = new Set<(reason: CardError) => void>();
  #failure: CardError | undefined;
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
    const own = command.slice();
    const carry = (): Promise<Uint8Array> => {
      this.#traceCommand(own);
      return this.#session.transmit(own);
    };
    const answered = this.#enqueue(carry, signal);
    // Behind the exchange itself, which goes on when the caller gives up.
    void this.#queue.then(() => own.fill(0));
    return answered;
  }

  #createPinPad(pinSupport: number): PinPad | undefined {
    const { enterPin } = this.#session;
    if (!enterPin || (pinSupport & 1) === 0) return undefined;
    const enter = (abData: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> =>
      this.#enqueue(() => enterPin(abData), signal);
    return {
      verify: (template, options, signal) => enter(encodePinVerification(template, options), signal),
      modify:
        (pinSupport & 2) === 0
          ? undefined
          : (template, options, signal) => enter(encodePinModification(template, options), signal),
    };
  }

  async #enqueue(carry: () => Promise<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
    throwIfAborted(signal);
    const perform = (): Promise<Uint8Array> => this.#perform(carry, signal);
    const result = this.#pending++ === 0 ? perform() : this.#queue.then(perform);
    this.#queue = result.then(this.#done, this.#done);
    return this.#unlessEnded(result, signal);
  }

  readonly #done = (): void => void this.#pending--;

  async #perform(carry: () => Promise<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    throwIfAborted(signal);
    try {
      const answer = await carry();
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

  /** The result, or sooner the abort of the caller or the end of the connection. */
  #unlessEnded(result: Promise<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const onAbort = (): void => reject(new CardError('aborted', 'the caller gave up', { cause: signal?.reason }));
    const forget = (): void => {
      signal?.removeEventListener('abort', onAbort);
      this.#waiting.delete(reject);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiting.add(reject);
    result.then(
      (answer) => {
        forget();
        resolve(answer);
      },
      (reason: unknown) => {
        forget();
        reject(reason);
      },
    );
    return promise;
  }

  /** Makes the connection useless for the given reason; the first reason stays. */
  end(reason: CardError): void {
    if (this.#failure) return;
    this.#failure = reason;
    for (const reject of this.#waiting) reject(reason);
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
