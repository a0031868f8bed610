import type { InstitutionId } from '../../contract/ids.ts';
import { laneOf } from '../fair-lanes.ts';
import type { OutgoingEnvelope } from '../post-office.ts';
import { createPieces } from './pieces.ts';
import { sql, type Queries } from './statement.ts';

const UNSENT = 'institution = $1 AND recipient = $2 AND conversation = $3 AND state IS NULL';
const INSERT = sql(
  `INSERT INTO outbox (institution, id, recipient, kind, priority, lane, conversation, created, expires, digest, seal,
     receipts, look_again, size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '[]', 0, $12)`,
);
const INSERT_BODY = sql('INSERT INTO outbox_body VALUES ($1, $2, $3)');
const INSERT_STATEMENT = sql('INSERT INTO outbox_statement VALUES ($1, $2, $3)');
const LANE = sql<{ lane: number | null }>(`SELECT min(lane) AS lane FROM outbox WHERE ${UNSENT}`);
const HURRY = sql(`UPDATE outbox SET lane = $4 WHERE ${UNSENT}`);
const HANDLED = sql('INSERT INTO handled_envelope VALUES ($1, $2, $3) ON CONFLICT DO NOTHING');

const pieces = createPieces('outbox_chunk', 'institution');

/** Stores an outgoing envelope, beside the statements of the same transaction that store what it is about. */
export async function enqueueEnvelope(
  tx: Queries,
  institution: InstitutionId,
  outgoing: OutgoingEnvelope,
): Promise<void> {
  const { id, to, kind, priority, conversation, created, expires, digest, seal, body, statement } = outgoing;
  const lane = await joinConversation(tx, institution, outgoing);
  const times = [created.getTime(), expires.getTime()] as const;
  const facts = [id, to, kind, priority, lane, conversation, ...times, digest, seal, body.length] as const;
  await tx.run(INSERT, institution, ...facts);
  if (typeof body === 'string') await tx.run(INSERT_BODY, institution, id, body);
  else await pieces.write(tx, institution, id, 0, body);
  if (statement !== null) await tx.run(INSERT_STATEMENT, institution, id, statement);
}

/** The lane of a conversation is that of its most urgent unsent envelope: earlier ones come along. */
async function joinConversation(
  tx: Queries,
  institution: InstitutionId,
  { to, conversation, priority }: OutgoingEnvelope,
): Promise<number> {
  const own = laneOf(priority);
  const held = (await tx.first(LANE, institution, to, conversation))?.lane ?? null;
  if (held === null) return own;
  if (held > own) await tx.run(HURRY, institution, to, conversation, own);
  return Math.min(own, held);
}

/**
 * Notes that an incoming envelope has had its effect, beside the effect. Of two at once, one waits until the other's effect
 * is committed or undone.
 *
 * @returns false when it had it before: then nothing else may be written
 */
export const noteHandled = async (tx: Queries, institution: InstitutionId, id: string, at: Date): Promise<boolean> =>
  (await tx.run(HANDLED, institution, id, at.getTime())) === 1;
