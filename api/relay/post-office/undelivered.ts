import { Problem } from '../../contract/problem.ts';
import { SIZE_BUCKETS } from '../../contract/envelope.ts';
import type { DeadLetters } from '../../contract/relay-api.ts';
import type { UndeliveredEnvelope } from '../../storage/post-office.ts';
import { OUTBOX_BELL, type PostOfficeParts } from './parts.ts';
import { prepareEnvelope } from './prepare.ts';

const SHOWN = 200;

/** What this gateway sent in vain and nobody has decided about yet. */
export async function listUndelivered({ store, institution }: PostOfficeParts): Promise<DeadLetters> {
  const letters = await store.readUndelivered(SHOWN);
  return {
    letters: letters.map(({ id, to, kind, priority, reason, state, statement, ...letter }) => ({
      ...{ id, from: institution, to, kind, priority, reason, state: state ?? 'refused' },
      sizeBucket: SIZE_BUCKETS.find((size) => (statement?.length ?? 0) <= size) ?? 0,
      created: letter.created.toISOString(),
      changed: letter.ended.toISOString(),
      expires: letter.expires.toISOString(),
      resendable: statement !== null,
    })),
  };
}

/**
 * Sends what an undelivered envelope held in a new one: sealed anew, to the key that the recipient has now, for as long as
 * the first was meant to live.
 *
 * @throws {Problem} `not_found`, `recipient_unknown`, `directory_stale`
 */
export async function resendUndelivered(parts: PostOfficeParts, id: string): Promise<void> {
  const { to, kind, priority, conversation, statement, created, expires } = await requireUndelivered(parts, id);
  if (statement === null || kind === 'session') throw new Problem('not_found', 'nothing that could be sent again');
  const lifetimeMs = expires.getTime() - created.getTime();
  const until = new Date(parts.now().getTime() + lifetimeMs);
  const message = { to, kind, priority, conversation, jws: statement, expires: until };
  const outgoing = await prepareEnvelope(parts, message);
  if (!(await parts.store.resend(id, outgoing))) throw new Problem('not_found', 'it was decided about before');
  parts.bells.ring(OUTBOX_BELL);
}

/** Gives an undelivered envelope up. @throws {Problem} `not_found` */
export async function discardUndelivered(parts: PostOfficeParts, id: string): Promise<void> {
  if (!(await parts.store.discard(id))) throw new Problem('not_found', 'no such undelivered envelope');
}

async function requireUndelivered({ store }: PostOfficeParts, id: string): Promise<UndeliveredEnvelope> {
  const letter = await store.readUndeliveredOne(id);
  if (!letter) throw new Problem('not_found', 'no such undelivered envelope');
  return letter;
}
