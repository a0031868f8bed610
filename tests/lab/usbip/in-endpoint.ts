import { URB_STATUS } from './urbs.ts';

/** How a transfer ended. */
export interface TransferEnd {
  readonly status: number;
  readonly data: Uint8Array;
}

interface PendingRead {
  readonly seqnum: number;
  readonly length: number;
  readonly end: (end: TransferEnd) => void;
}

/** One IN endpoint of a device on the bus: reads wait for packets, packets wait for reads (USB 2.0 §5.8.3). */
export class InEndpoint {
  readonly #packetSize: number;
  readonly #packets: Uint8Array[] = [];
  readonly #reads: PendingRead[] = [];
  #collected: number[] = [];
  #isHalted = false;
  #babbles = false;

  constructor(packetSize: number) {
    this.#packetSize = packetSize;
  }

  /** The device has something to say. */
  queue(message: Uint8Array, endsWithEmptyPacket: boolean): void {
    for (let at = 0; at < message.length; at += this.#packetSize)
      this.#packets.push(message.slice(at, at + this.#packetSize));
    if (message.length % this.#packetSize === 0 && (message.length === 0 || endsWithEmptyPacket))
      this.#packets.push(new Uint8Array());
    this.#serve();
  }

  halt(): void {
    this.#isHalted = true;
    this.#serve();
  }

  babble(): void {
    this.#babbles = true;
    this.#serve();
  }

  clearHalt(): void {
    this.#isHalted = false;
    this.#serve();
  }

  /** Set configuration: nothing is left of before. */
  restart(): void {
    this.#packets.length = 0;
    this.#collected = [];
    this.#isHalted = false;
    this.#babbles = false;
  }

  /** The host asks; `end` is called once, unless the read is taken back. */
  read(seqnum: number, length: number, end: PendingRead['end']): void {
    this.#reads.push({ seqnum, length, end });
    this.#serve();
  }

  /** Whether there was such a read. What it had collected is lost, as on a real bus. */
  takeBack(seqnum: number): boolean {
    const at = this.#reads.findIndex((read) => read.seqnum === seqnum);
    if (at < 0) return false;
    if (at === 0) this.#collected = [];
    this.#reads.splice(at, 1);
    return true;
  }

  #serve(): void {
    for (let read = this.#reads[0]; read; read = this.#reads[0]) {
      if (this.#isHalted) {
        this.#finish(read, URB_STATUS.stall);
        continue;
      }
      if (this.#babbles) {
        this.#babbles = false;
        this.#finish(read, URB_STATUS.babble);
        continue;
      }
      const packet = this.#packets.shift();
      if (!packet) return;
      this.#collected.push(...packet);
      if (this.#collected.length > read.length) this.#finish(read, URB_STATUS.babble);
      else if (packet.length < this.#packetSize || this.#collected.length === read.length)
        this.#finish(read, URB_STATUS.ok);
    }
  }

  #finish(read: PendingRead, status: number): void {
    this.#reads.shift();
    const data = Uint8Array.from(status === URB_STATUS.ok ? this.#collected : []);
    this.#collected = [];
    read.end({ status, data });
  }
}
