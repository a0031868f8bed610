import { CertificateError } from './certificate-error.ts';

/** Bytes that WebCrypto accepts: backed by an ordinary buffer, not a shared one. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Identifier octets this project meets (X.690 §8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a context-specific tag [n]; constructed unless told otherwise. */
export function contextTag(n: number, form: 'constructed' | 'primitive' = 'constructed'): number {
  return (form === 'constructed' ? 0xa0 : 0x80) | n;
}

/** One element: its content, and the bytes it was read from (tag and length included). */
export interface DerElement {
  readonly tag: number;
  readonly value: Bytes;
  readonly raw: Bytes;
}

/** A refusal in the words of X.690; every structure error of a certificate has this one code. */
export function malformed(detail: string, options?: ErrorOptions): CertificateError {
  return new CertificateError('certificate_malformed', detail, options);
}

/**
 * Reads consecutive elements under the distinguished rules (X.690 §10.1): definite, minimal lengths only, so that
 * there is one encoding per value and what was signed is what was read. Tags above 30 do not occur in X.509 and are
 * refused.
 *
 * @throws CertificateError `certificate_malformed` from every method but `done` and `peekTag`
 */
export class DerReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next identifier octet, or `undefined` at the end. */
  peekTag(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next element, which must have this tag when one is named. */
  next(tag?: number): DerElement {
    const start = this.#at;
    const found = this.#byte();
    if ((found & 0x1f) === 0x1f) throw malformed('a multi-byte tag');
    if (tag !== undefined && found !== tag) throw malformed(`tag ${hex(found)} where ${hex(tag)} belongs`);
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed('an element is longer than what holds it');
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag: found, value, raw: this.#bytes.subarray(start, end) };
  }

  /** The next element when it has this tag; otherwise nothing is consumed. */
  optional(tag: number): DerElement | undefined {
    return this.peekTag() === tag ? this.next(tag) : undefined;
  }

  /** The content of the next element, to read on inside it. */
  enter(tag: number): DerReader {
    return new DerReader(this.next(tag).value);
  }

  /** Nothing may follow. */
  end(): void {
    if (!this.done) throw malformed('bytes after the last element');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw malformed('ends inside an element');
    this.#at += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed('an indefinite or oversized length');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 0x100 + this.#byte();
    if (length < 0x80 || length < 0x100 ** (count - 1)) throw malformed('a length that is not minimal');
    return length;
  }
}

/** The one element that these bytes are; a copy, so that the caller's buffer may change afterwards. */
export function readWhole(bytes: Uint8Array, tag: number): DerElement {
  const reader = new DerReader(Uint8Array.from(bytes));
  const element = reader.next(tag);
  reader.end();
  return element;
}

/** An element from its tag and the parts of its content. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = length < 0x80 ? [tag, length] : [tag, ...longLength(length)];
  const whole = new Uint8Array(header.length + length);
  whole.set(header);
  let at = header.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function longLength(length: number): number[] {
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) octets.unshift(rest % 0x100);
  return [0x80 | octets.length, ...octets];
}

function hex(tag: number): string {
  return tag.toString(16).padStart(2, '0');
}
