import { concatBytes } from '../../iso7816/bytes.ts';

/** Answers each command before its response; sent by the host it ends the command under way. */
export const ACK_FRAME: Uint8Array<ArrayBuffer> = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);

/** What the reader sends: `error` is its complaint about a frame of ours. */
export type Port100Frame =
  | { readonly kind: 'ack' }
  | { readonly kind: 'data'; /** A part of the frame, not a copy. */ readonly data: Uint8Array }
  | { readonly kind: 'error' };

const PREFIX = [0x00, 0x00, 0xff, 0xff, 0xff] as const;
const ERROR_FRAME = Uint8Array.of(0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00);
/** Prefix, length and its checksum before the data; checksum and postamble behind. */
const HEAD_LENGTH = 8;
const TAIL_LENGTH = 2;
/** Longest frame the reader sends or takes, bytes, with room to spare: 290 bytes of RF data travel at most. */
export const FRAME_LENGTH_MAX = 320;

/** `00 00 FF FF FF LEN16LE LCS data DCS 00`; each checksum makes a sum of zero. */
export function encodeFrame(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = [data.length & 0xff, data.length >> 8];
  return concatBytes(Uint8Array.of(...PREFIX, ...length, checksum(length)), data, Uint8Array.of(checksum(data), 0x00));
}

/** @throws {RangeError} when the bytes are not exactly one frame */
export function parseFrame(bytes: Uint8Array): Port100Frame {
  if (isSame(bytes, ACK_FRAME)) return { kind: 'ack' };
  if (isSame(bytes, ERROR_FRAME)) return { kind: 'error' };
  if (PREFIX.some((byte, i) => byte !== bytes[i])) throw new RangeError('not a frame');
  const [low = 0, high = 0, lcs] = bytes.subarray(PREFIX.length);
  if (lcs !== checksum([low, high])) throw new RangeError('wrong checksum of the length');
  const end = HEAD_LENGTH + low + high * 256;
  if (bytes.length !== end + TAIL_LENGTH) throw new RangeError('the length does not match');
  const data = bytes.subarray(HEAD_LENGTH, end);
  if (bytes[end] !== checksum(data) || bytes[end + 1] !== 0) throw new RangeError('wrong checksum of the data');
  return { kind: 'data', data };
}

/**
 * Cuts transfers into frames: a frame may come in pieces, and ACK and response in one transfer. What cannot be a frame
 * is thrown away up to the end of its transfer.
 */
export class FrameAssembler {
  #pending: Uint8Array = new Uint8Array();

  add(transfer: Uint8Array): readonly (Port100Frame | 'garbage')[] {
    const frames: (Port100Frame | 'garbage')[] = [];
    let rest = this.#pending.length > 0 ? concatBytes(this.#pending, transfer) : transfer;
    this.#pending = new Uint8Array();
    while (rest.length > 0) {
      const length = frameLength(rest);
      if (length === 'garbage') return [...frames, 'garbage'];
      if (length === undefined || length > rest.length) {
        this.#pending = rest.slice();
        break;
      }
      try {
        frames.push(parseFrame(rest.subarray(0, length)));
      } catch {
        return [...frames, 'garbage'];
      }
      rest = rest.subarray(length);
    }
    return frames;
  }

  /** Forgets half a frame. */
  clear(): void {
    this.#pending = new Uint8Array();
  }
}

/** Length of the frame that begins here; `undefined` when more bytes are needed to tell. */
function frameLength(bytes: Uint8Array): number | 'garbage' | undefined {
  const fits = (whole: ArrayLike<number>): boolean => {
    for (let at = 0; at < whole.length && at < bytes.length; at++) if (bytes[at] !== whole[at]) return false;
    return true;
  };
  if (fits(ACK_FRAME)) return ACK_FRAME.length;
  if (fits(ERROR_FRAME)) return ERROR_FRAME.length;
  if (!fits(PREFIX)) return 'garbage';
  const [low, high] = bytes.subarray(PREFIX.length);
  if (low === undefined || high === undefined) return undefined;
  const length = HEAD_LENGTH + low + high * 256 + TAIL_LENGTH;
  return length > FRAME_LENGTH_MAX ? 'garbage' : length;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function checksum(bytes: ArrayLike<number>): number {
  let sum = 0;
  // By index: an iterator over hundreds of bytes costs more than all the rest of a frame.
  for (let at = 0; at < bytes.length; at++) sum += bytes[at] ?? 0;
  return -sum & 0xff;
}
