import { Problem } from '../contract/problem.ts';
import type { DeadLetter, DeadLetters } from '../contract/relay-api.ts';
import type { DeadLetter as StoredLetter } from '../storage/relay.ts';
import { advanceEntry } from './mailbox.ts';
import { outgoingBell, type RelayParts } from './parts.ts';

const SHOWN = 200;

/** What did not arrive, and what waits for a person; nothing about anybody. */
export async function listDeadLetters(parts: RelayParts): Promise<DeadLetters> {
  const letters = await parts.store.readDeadLetters(SHOWN);
  const now = parts.now().getTime();
  return { letters: letters.map((letter) => toView(letter, now)) };
}

/** Lets a held envelope try its way again. @throws {Problem} `not_found`: it is not held (any more) */
export async function resendLetter(parts: RelayParts, id: string): Promise<void> {
  const entry = await parts.store.read(id);
  if (!entry || !(await parts.store.resend(id))) throw new Problem('not_found', 'no such held envelope');
  if (entry.destination.kind === 'peer') parts.bells.ring(outgoingBell(entry.destination.exchange));
}

/**
 * Gives an envelope up: a held one is refused, and its sender hears why; one that has ended leaves the list.
 *
 * @throws {Problem} `not_found`
 */
export async function discardLetter(parts: RelayParts, id: string): Promise<void> {
  const letters = await parts.store.readDeadLetters(SHOWN);
  const letter = letters.find(({ envelope }) => envelope.id === id);
  if (!letter) throw new Problem('not_found', 'no such dead letter');
  if (letter.state === 'held') await advanceEntry(parts, letter, 'refused', letter.reason ?? undefined);
  if (!(await parts.store.dismiss(id))) throw new Problem('not_found', 'no such dead letter');
}

function toView({ envelope, state, changed, reason }: StoredLetter, now: number): DeadLetter {
  const { id, from, to, kind, priority, sizeBucket, created, expires } = envelope;
  const resendable = state === 'held' && Date.parse(expires) > now;
  return {
    id,
    from,
    to,
    kind,
    priority,
    sizeBucket,
    state,
    reason,
    created,
    changed: changed.toISOString(),
    expires,
    resendable,
  };
}
