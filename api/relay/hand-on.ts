import { ENVELOPE_HEADER } from '../contract/exchange-api.ts';
import type { InstitutionId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import {
  BATCH_LIMIT,
  EnvelopeAnswer,
  EnvelopeBatchAnswer,
  PIECE_LIMIT_BYTES,
  UploadState,
} from '../contract/relay-api.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { Pauses } from './pauses.ts';
import { isTemporary } from './temporary.ts';

/** An envelope that has to be handed to an exchange. */
export interface Handover {
  readonly id: string;
  readonly to: InstitutionId;
  readonly conversation: string;
  readonly seal: string;
  /** Null for a large one, which goes piece by piece. */
  readonly body: string | null;
  readonly size: number;
}

/** What the exchange said for good. */
export type HandoverOutcome =
  { readonly kind: 'taken'; readonly answer: EnvelopeAnswer } | { readonly kind: 'refused'; readonly problem: Problem };

export interface HandOnParts {
  readonly client: ExchangeClient;
  readonly readPiece: (id: string, offset: number, length: number) => Promise<Uint8Array>;
  readonly settle: (id: string, outcome: HandoverOutcome) => Promise<void>;
  /** By recipient. */
  readonly pauses: Pauses;
  readonly signal: AbortSignal;
}

/** Enough for a full batch or a piece over a slow line. */
const TIMEOUT_MS = 120_000;
/** Pieces of large bodies that go between two batches: what is urgent never waits for a whole body. */
const PIECES_A_ROUND = 4;

/**
 * Hands on what waits: the small ones in one request, large ones piece by piece, going on where they were interrupted.
 * Nothing overtakes inside a conversation: after one that has to wait, the rest of its conversation waits too.
 *
 * @param waiting in order; call again with what then waits
 * @returns how many were settled, or brought forward
 * @throws {Problem} when the exchange takes nothing at all now
 */
export async function handOn(parts: HandOnParts, waiting: readonly Handover[]): Promise<number> {
  const stopped = new Set<string>();
  const small: Handover[] = [];
  const large: Handover[] = [];
  for (const item of waiting) {
    if (stopped.has(item.conversation)) continue;
    if (item.body !== null) small.push(item);
    else {
      // Small ones before it in its conversation go with this round's batch, those after it wait for it.
      const isFirst = !small.some(({ conversation }) => conversation === item.conversation);
      if (isFirst) large.push(item);
      stopped.add(item.conversation);
    }
  }
  let moved = 0;
  for (let at = 0; at < small.length; at += BATCH_LIMIT)
    moved += await bringBatch(parts, small.slice(at, at + BATCH_LIMIT));
  for (const item of large.slice(0, PIECES_A_ROUND))
    moved += await bringPieces(parts, item, PIECES_A_ROUND / Math.min(large.length, PIECES_A_ROUND));
  return moved;
}

async function bringBatch(
  { client, settle, pauses, signal }: HandOnParts,
  items: readonly Handover[],
): Promise<number> {
  const envelopes = items.map(({ seal, body }) => ({ envelope: seal, body }));
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const { answers } = await client.post('/api/envelopes/batch', { envelopes }, EnvelopeBatchAnswer, options);
  if (answers.length !== items.length) throw new Problem('exchange_unreachable', 'not an answer for each envelope');
  const settled = await Promise.all(
    items.map(async ({ id, to }, at) => {
      const answer = answers[at];
      if (answer === undefined) return false;
      if ('id' in answer) {
        pauses.succeed(to);
        await settle(id, { kind: 'taken', answer });
        return true;
      }
      const { code, detail } = answer.problem;
      const problem = new Problem(code, detail ?? 'refused', { retryAfterSeconds: answer.retryAfterSeconds });
      return settleProblem({ settle, pauses }, { id, to }, problem);
    }),
  );
  return settled.filter(Boolean).length;
}

async function bringPieces(parts: HandOnParts, item: Handover, pieces: number): Promise<number> {
  const { client, readPiece, settle, pauses, signal } = parts;
  const { id, to, seal, size } = item;
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const sealed = { ...options, headers: { [ENVELOPE_HEADER]: seal } };
  try {
    let { received } = await client.post(`/api/uploads?size=${size}`, undefined, UploadState, sealed);
    for (let count = 0; count < pieces && received < size; count += 1) {
      const piece = await readPiece(id, received, PIECE_LIMIT_BYTES);
      if (piece.length === 0) throw new RangeError('a body is shorter than its size');
      const path = `/api/uploads/${id}/pieces?offset=${received}`;
      received = (await client.post(path, piece, UploadState, options)).received;
    }
    if (received === size) {
      const answer = await client.post('/api/envelopes', undefined, EnvelopeAnswer, sealed);
      await settle(id, { kind: 'taken', answer });
    }
    pauses.succeed(to);
    return 1;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Somebody else's try stored more than we know of, or a day passed and the pieces were forgotten: ask again.
    const isOutOfStep = error.code === 'upload_wrong_offset' || error.code === 'upload_unknown';
    if (isOutOfStep) return 1;
    if (error.code === 'exchange_unreachable' || error.code === 'unauthenticated') throw error;
    return (await settleProblem({ settle, pauses }, item, error)) ? 1 : 0;
  }
}

async function settleProblem(
  { settle, pauses }: Pick<HandOnParts, 'settle' | 'pauses'>,
  { id, to }: Pick<Handover, 'id' | 'to'>,
  problem: Problem,
): Promise<boolean> {
  if (isTemporary(problem)) {
    pauses.fail(to, problem.retryAfterSeconds);
    return false;
  }
  await settle(id, { kind: 'refused', problem });
  return true;
}
