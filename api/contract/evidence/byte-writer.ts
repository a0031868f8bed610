import { encodeUtf8 } from '../encoding.ts';
import { EvidenceError } from './errors.ts';

/** Writes the few shapes a compact receipt is made of. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  /** Little-endian base 128, the least significant group first. */
  number(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a count is a safe integer');
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
    return this;
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** Bytes behind their length. */
  bytes(bytes: Uint8Array): this {
    return this.number(bytes.length).raw(bytes);
  }

  text(text: string): this {
    return this.bytes(encodeUtf8(text));
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}

/** Reads what `ByteWriter` wrote. @throws {EvidenceError} `compact_malformed` wherever the bytes end too early */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const [byte = 0] = this.raw(1);
      value += (byte % 128) * scale;
      if (!Number.isSafeInteger(value) || (byte === 0 && scale > 1)) throw malformed('not a shortest number');
      if (byte < 128) return value;
    }
  }

  raw(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw malformed('cut off');
    const bytes = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return bytes;
  }

  bytes(): Uint8Array {
    return this.raw(this.number());
  }

  text(): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes());
    } catch (cause) {
      throw cause instanceof EvidenceError ? cause : malformed('not UTF-8', { cause });
    }
  }

  /** A counted list; the count cannot ask for more than there are bytes. */
  list<T>(readItem: (reader: ByteReader) => T): readonly T[] {
    const count = this.number();
    if (count > this.#bytes.length - this.#at) throw malformed('cut off');
    return Array.from({ length: count }, () => readItem(this));
  }

  finish(): void {
    if (this.#at !== this.#bytes.length) throw malformed('bytes left over');
  }
}

const malformed = (detail: string, options?: ErrorOptions) => new EvidenceError('compact_malformed', detail, options);
