import type { UsbInResult } from '../transport/usb-api.ts';

interface PendingRead {
  readonly length: number;
  readonly resolve: (result: UsbInResult) => void;
  readonly reject: (reason: unknown) => void;
}

/** One IN endpoint at packet level: a transfer ends with a short packet or when it is full (USB 2.0 §5.8.3). */
export class InEndpoint {
  readonly #packetSize: number;
  readonly #packets: Uint8Array[] = [];
  readonly #reads: PendingRead[] = [];
  #collected: Uint8Array[] = [];
  #isStalled = false;
  #babbles = false;

  constructor(packetSize: number) {
    this.#packetSize = packetSize;
  }

  send(message: Uint8Array, zeroLengthPacket: boolean): void {
    for (let at = 0; at < message.length; at += this.#packetSize)
      this.#packets.push(message.slice(at, at + this.#packetSize));
    const fillsLastPacket = message.length % this.#packetSize === 0;
    if (message.length === 0 || (fillsLastPacket && zeroLengthPacket)) this.#packets.push(new Uint8Array());
    this.#serve();
  }

  stall(): void {
    this.#isStalled = true;
    this.#serve();
  }

  babble(): void {
    this.#babbles = true;
    this.#serve();
  }

  clearHalt(): void {
    this.#isStalled = false;
    this.#serve();
  }

  read(length: number): Promise<UsbInResult> {
    return new Promise((resolve, reject) => {
      this.#reads.push({ length, resolve, reject });
      this.#serve();
    });
  }

  /** Fails every outstanding read and forgets what was not read. */
  cancel(reason: unknown): void {
    this.#packets.length = 0;
    this.#collected = [];
    for (const { reject } of this.#reads.splice(0)) reject(reason);
  }

  #serve(): void {
    for (let read = this.#reads[0]; read; read = this.#reads[0]) {
      if (this.#isStalled) {
        this.#finish(read, 'stall');
        continue;
      }
      if (this.#babbles) {
        this.#babbles = false;
        this.#finish(read, 'babble');
        continue;
      }
      const packet = this.#packets.shift();
      if (!packet) return;
      const have = this.#collected.reduce((sum, part) => sum + part.length, 0) + packet.length;
      if (have > read.length) {
        this.#finish(read, 'babble');
        continue;
      }
      this.#collected.push(packet);
      if (packet.length < this.#packetSize || have === read.length) this.#finish(read, 'ok');
    }
  }

  #finish(read: PendingRead, status: 'ok' | 'stall' | 'babble'): void {
    this.#reads.shift();
    const length = this.#collected.reduce((sum, part) => sum + part.length, 0);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of this.#collected) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#collected = [];
    read.resolve(status === 'ok' ? { status, data: new DataView(bytes.buffer) } : { status });
  }
}
