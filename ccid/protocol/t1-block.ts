import { equalBytes } from '../iso7816/bytes.ts';

/** One T=1 block without its epilogue (ISO 7816-3 §11.3). */
export type T1Block =
  | { readonly kind: 'i'; readonly ns: 0 | 1; readonly more: boolean; readonly inf: Uint8Array }
  | { readonly kind: 'r'; readonly nr: 0 | 1; readonly error: T1Error }
  | { readonly kind: 's'; readonly type: T1Supervisory; readonly isResponse: boolean; readonly inf: Uint8Array };

export type T1Error = 'none' | 'edc' | 'other';
export type T1Supervisory = 'resync' | 'ifs' | 'abort' | 'wtx';

/** Error detection code: longitudinal redundancy of one byte or cyclic redundancy of two (§11.4.4). */
export type Edc = 'lrc' | 'crc';

/** Largest information field there is; LEN FF is reserved. */
export const INF_MAX = 254;
const PROLOGUE_LENGTH = 3;

const ERRORS = ['none', 'edc', 'other'] as const;
const SUPERVISORY = ['resync', 'ifs', 'abort', 'wtx'] as const;

/** The block with prologue and epilogue; NAD is zero, as only one card and one host speak. */
export function encodeBlock(block: T1Block, edc: Edc): Uint8Array {
  const inf = block.kind === 'r' ? new Uint8Array() : block.inf;
  if (inf.length > INF_MAX) throw new RangeError('an information field has at most 254 bytes');
  const bytes = new Uint8Array(PROLOGUE_LENGTH + inf.length + edcLength(edc));
  bytes[1] = encodePcb(block);
  bytes[2] = inf.length;
  bytes.set(inf, PROLOGUE_LENGTH);
  const end = PROLOGUE_LENGTH + inf.length;
  bytes.set(computeEdc(bytes.subarray(0, end), edc), end);
  return bytes;
}

function encodePcb(block: T1Block): number {
  switch (block.kind) {
    case 'i':
      return (block.ns << 6) | (block.more ? 0x20 : 0);
    case 'r':
      return 0x80 | (block.nr << 4) | ERRORS.indexOf(block.error);
    case 's':
      return 0xc0 | (block.isResponse ? 0x20 : 0) | SUPERVISORY.indexOf(block.type);
  }
}

/** Why a block cannot be used; the two reasons have different R-blocks. */
export class T1BlockError extends RangeError {
  readonly reason: 'edc' | 'other';

  constructor(reason: 'edc' | 'other', message: string) {
    super(message);
    this.name = 'T1BlockError';
    this.reason = reason;
  }
}

/** @throws {T1BlockError} when the bytes are not exactly one block of node address zero */
export function parseBlock(bytes: Uint8Array, edc: Edc): T1Block {
  const [nad, pcb, len] = bytes;
  if (nad === undefined || pcb === undefined || len === undefined)
    throw new T1BlockError('other', 'truncated prologue');
  const end = PROLOGUE_LENGTH + len;
  if (len > INF_MAX || bytes.length !== end + edcLength(edc)) throw new T1BlockError('other', 'LEN does not match');
  if (!equalBytes(computeEdc(bytes.subarray(0, end), edc), bytes.subarray(end)))
    throw new T1BlockError('edc', 'wrong EDC');
  if (nad !== 0) throw new T1BlockError('other', 'a block for somebody else');
  return parsePcb(pcb, bytes.slice(PROLOGUE_LENGTH, end));
}

function parsePcb(pcb: number, inf: Uint8Array): T1Block {
  if ((pcb & 0x80) === 0) {
    if ((pcb & 0x1f) !== 0) throw new T1BlockError('other', 'reserved bits in an I-block');
    return { kind: 'i', ns: pcb & 0x40 ? 1 : 0, more: (pcb & 0x20) !== 0, inf };
  }
  if ((pcb & 0xc0) === 0x80) {
    const error = ERRORS[pcb & 0x0f];
    if (error === undefined || (pcb & 0x20) !== 0 || inf.length > 0) throw new T1BlockError('other', 'not an R-block');
    return { kind: 'r', nr: pcb & 0x10 ? 1 : 0, error };
  }
  const type = SUPERVISORY[pcb & 0x1f];
  if (type === undefined) throw new T1BlockError('other', 'reserved S-block');
  const infLength = type === 'ifs' || type === 'wtx' ? 1 : 0;
  if (inf.length !== infLength) throw new T1BlockError('other', 'an S-block of wrong length');
  return { kind: 's', type, isResponse: (pcb & 0x20) !== 0, inf };
}

export function edcLength(edc: Edc): number {
  return edc === 'lrc' ? 1 : 2;
}

function computeEdc(bytes: Uint8Array, edc: Edc): Uint8Array {
  if (edc === 'lrc') {
    let sum = 0;
    for (const byte of bytes) sum ^= byte;
    return Uint8Array.of(sum);
  }
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return Uint8Array.of(crc >> 8, crc & 0xff);
}
