import type { Clock } from '../transport/clock.ts';
import type { UsbPort } from '../transport/usb-port.ts';
import { requestAbort } from './class-requests.ts';
import { RDR_TO_PC } from './message-types.ts';
import { abort, encodeRequest } from './requests.ts';

/**
 * The giving up of one request: the class request ABORT and the message PC_to_RDR_Abort, both with the request's slot
 * and sequence number, after which the reader fails the request and confirms with a slot status (CCID §5.3.1).
 */
export class Abortion {
  readonly #port: UsbPort;
  readonly #bSlot: number;
  readonly #bSeq: number;
  readonly #confirmation = Promise.withResolvers<void>();
  readonly #sent: Promise<void>;

  constructor(port: UsbPort, bSlot: number, bSeq: number) {
    this.#port = port;
    this.#bSlot = bSlot;
    this.#bSeq = bSeq;
    this.#sent = this.#send();
    this.#sent.catch(() => {});
  }

  async #send(): Promise<void> {
    await requestAbort(this.#port, this.#bSlot, this.#bSeq);
    await this.#port.bulkOut(encodeRequest(abort(), this.#bSlot, this.#bSeq));
  }

  /** Whether this message from the reader is the confirmation. */
  takes(message: Uint8Array): boolean {
    const isOurs = message[0] === RDR_TO_PC.SlotStatus && message[5] === this.#bSlot && message[6] === this.#bSeq;
    if (isOurs) this.#confirmation.resolve();
    return isOurs;
  }

  /** Resolves with whether the reader knew the request at all; never rejects. */
  wasSent(): Promise<boolean> {
    return this.#sent.then(
      () => true,
      () => false,
    );
  }

  /** Resolves with whether the reader confirmed within `timeoutMs`; never rejects. */
  async isConfirmed(clock: Clock, timeoutMs: number): Promise<boolean> {
    if (!(await this.wasSent())) return false;
    const late = Promise.withResolvers<boolean>();
    const cancel = clock.after(timeoutMs, () => late.resolve(false));
    const isConfirmed = await Promise.race([this.#confirmation.promise.then(() => true), late.promise]);
    cancel();
    return isConfirmed;
  }
}
