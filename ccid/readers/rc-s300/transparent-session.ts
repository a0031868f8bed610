import { CardError } from '../../errors.ts';
import { concatBytes } from '../../iso7816/bytes.ts';
import { findTlv, parseTlvs, type Tlv } from '../../iso7816/tlv.ts';
import type { FrameOutcome } from '../../isodep/raw-frame-port.ts';

/** Manage Session of a transparent session (PC/SC part 3 supplement); Sony's vendor interface has INS 50 for C2. */
export const MANAGE = { start: 0x81, end: 0x82, fieldOff: 0x83, fieldOn: 0x84 } as const;

const TAG = { status: 0xc0, timer: 0x5f46, activated: 0x5f51, responseStatus: 0x96, response: 0x97, transceive: 0x95 };
const STANDARD_TYPE_B = 0x01;
/** Reply codes that mean that nothing was heard. */
const NOTHING_HEARD: ReadonlySet<number> = new Set([0x6401, 0x6301, 0x6a81]);
const OK = 0x9000;
const LE = Uint8Array.of(0x00, 0x00, 0x00);

/** A reply: what the reader says of the command, and the data objects beside it. */
export interface TransparentReply {
  readonly status: number;
  readonly objects: readonly Tlv[];
}

export function encodeManage(tag: (typeof MANAGE)[keyof typeof MANAGE]): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0xff, 0x50, 0x00, 0x00, 0x02, tag, 0x00, 0x00);
}

/** Activates a Type B card up to layer 3 (selected by anticollision) or 4 (ISO-DEP). */
export function encodeSwitchToTypeB(layer: 3 | 4): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0xff, 0x50, 0x00, 0x02, 0x04, 0x8f, 0x02, STANDARD_TYPE_B, layer, 0x00);
}

/** `timeoutMs` for the card's answer to begin; the timer counts microseconds. */
export function encodeExchange(data: Uint8Array, timeoutMs: number): Uint8Array<ArrayBuffer> {
  const us = timeoutMs * 1000;
  const timer = [TAG.timer >> 8, TAG.timer & 0xff, 4, us, us >>> 8, us >>> 16, us >>> 24];
  const transceive = [TAG.transceive, 0x82, data.length >> 8, data.length];
  const length = timer.length + transceive.length + data.length;
  const head = Uint8Array.of(0xff, 0x50, 0x00, 0x01, 0x00, length >> 8, length, ...timer, ...transceive);
  return concatBytes(head, data, LE);
}

/** @throws {RangeError} when the bytes are not a reply of a transparent session */
export function parseTransparentReply(bytes: Uint8Array): TransparentReply {
  if (bytes.length < 2) throw new RangeError('a reply without status word');
  const sw = wordAt(bytes, bytes.length - 2);
  if (sw !== OK) return { status: sw, objects: [] };
  const objects = parseTlvs(bytes.subarray(0, -2));
  const status = findTlv(objects, TAG.status);
  if (status?.length !== 3) throw new RangeError('a reply without its status object');
  return { status: wordAt(status, 1), objects };
}

/** @throws {CardError} `reader_fault` when the reader refused the command */
export function requireDone(reply: TransparentReply): void {
  if (reply.status !== OK) throw new CardError('reader_fault', `the reader answers ${reply.status.toString(16)}`);
}

/** Whether there was a card to activate. @throws {CardError} `reader_fault` when the reader refused the command */
export function isActivated(reply: TransparentReply): boolean {
  if (NOTHING_HEARD.has(reply.status)) return false;
  requireDone(reply);
  return true;
}

/** ATR, ATS or SENSB_RES of the activated card, whichever the reader gives. */
export function activatedCard({ objects }: TransparentReply): Uint8Array | undefined {
  return findTlv(objects, TAG.activated);
}

/** What an exchange heard. @throws {CardError} `reader_fault` when the reader refused it */
export function exchangeOutcome(reply: TransparentReply): FrameOutcome {
  if (NOTHING_HEARD.has(reply.status)) return { kind: 'silent' };
  requireDone(reply);
  const [error = 0] = findTlv(reply.objects, TAG.responseStatus) ?? [];
  const bytes = findTlv(reply.objects, TAG.response);
  if (error !== 0) return { kind: 'garbled' };
  return bytes ? { kind: 'frame', bytes } : { kind: 'silent' };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
