import * as z from 'zod';
import { encodeUtf8 } from '../encoding.ts';
import { SIZE_BUCKETS } from '../envelope.ts';
import { Uuidv7 } from '../ids.ts';
import { decryptDirect, encryptDirect, JoseError, readHeader } from '../jose.ts';
import { COMPACT_LIMIT_BYTES } from '../large-body.ts';
import { PROBLEM_CODES, Problem, type ProblemCode } from '../problem.ts';
import type { Direction } from './key-schedule.ts';

/** What a frame says. A question is answered or refused; the session ends with how many frames went out before. */
export const FrameContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ask'), body: z.unknown(), confirm: z.string().max(4096).optional() }).readonly(),
  z.object({ kind: z.literal('answer'), body: z.unknown() }).readonly(),
  z.object({ kind: z.literal('refusal'), code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]) }).readonly(),
  z.object({ kind: z.literal('close'), frames: z.number().int().nonnegative() }).readonly(),
]);
export type FrameContent = z.infer<typeof FrameContent>;

/** The protected header beside `alg` and `enc`: which frame of which session this is; authenticated with the content. */
export const FrameHeader = z.object({
  typ: z.literal('session-frame'),
  sid: Uuidv7,
  /** Who sent it. */
  dir: z.enum(['initiator', 'responder']),
  /** Generation of the key, from 0. */
  gen: z.number().int().nonnegative(),
  /** Place in its direction, from 0, over all generations. */
  seq: z.number().int().nonnegative(),
});
export type FrameHeader = z.infer<typeof FrameHeader>;

/** Where a frame stands. */
export type FramePlace = Omit<FrameHeader, 'typ'> & { readonly dir: Direction };

/**
 * Encrypts a frame: JWE compact, `dir` + A256GCM, padded like every body.
 *
 * @throws {Problem} `envelope_too_large`
 */
export async function sealFrame(
  content: FrameContent,
  place: FramePlace,
  key: Uint8Array,
): Promise<{ readonly body: string; readonly sizeBucket: number }> {
  const plain = encodeUtf8(JSON.stringify(content));
  const sizeBucket = SIZE_BUCKETS.find((size) => plain.length <= size && size <= COMPACT_LIMIT_BYTES);
  if (sizeBucket === undefined) throw new Problem('envelope_too_large', 'a frame holds up to 256 KiB');
  const padded = new Uint8Array(sizeBucket).fill(0x20);
  padded.set(plain);
  return { body: await encryptDirect(key, padded, { typ: 'session-frame', ...place }), sizeBucket };
}

/** Where a frame says it stands, before it is believed; nothing for what is no frame. */
export function readFramePlace(body: string): FrameHeader | undefined {
  const parsed = FrameHeader.safeParse(readHeader(body));
  return parsed.success ? parsed.data : undefined;
}

/** @throws {Problem} `session_malformed` */
export async function openFrame(body: string, key: Uint8Array): Promise<FrameContent> {
  try {
    const plain = await decryptDirect(key, body);
    return FrameContent.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain)));
  } catch (cause) {
    const detail = cause instanceof JoseError ? cause.code : 'not a frame';
    throw new Problem('session_malformed', detail, { cause });
  }
}
