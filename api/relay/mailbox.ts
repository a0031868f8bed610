import type { Mailbox } from '../contract/exchange-api.ts';
import type { InstitutionId } from '../contract/ids.ts';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import type { EnvelopeWithBody, RelayedEnvelope } from '../storage/relay.ts';
import { mailboxBell, owedBell, type RelayParts } from './parts.ts';
import { createReceipt } from './receipts.ts';

/** One answer holds at least one envelope; more only while they stay handy. */
const PULL_LIMITS = { count: 32, bytes: 8 * 1024 * 1024 };

/**
 * What waits for a member, in the order of arrival; waits for something to come when there is nothing. What was handed out
 * once and not acknowledged is handed out again.
 */
export async function pullMailbox(
  parts: RelayParts,
  institution: InstitutionId,
  waitMs: number,
  signal: AbortSignal,
): Promise<Mailbox> {
  // Listens before it looks: what arrives in between rings.
  const looked = new AbortController();
  const ring = parts.bells.wait(mailboxBell(institution), waitMs, AbortSignal.any([signal, looked.signal]));
  let waiting = await readUnexpired(parts, institution);
  if (waiting.length === 0 && (await ring)) waiting = await readUnexpired(parts, institution);
  looked.abort();

  const fresh = waiting.filter(({ state }) => state === 'accepted');
  await Promise.all(fresh.map(({ envelope }) => advanceOwn(parts, envelope.id, 'delivered')));
  return { envelopes: waiting.map(({ seal, body }) => ({ envelope: seal, body })) };
}

async function readUnexpired(parts: RelayParts, institution: InstitutionId): Promise<readonly EnvelopeWithBody[]> {
  const waiting = await parts.store.readMailbox(institution, PULL_LIMITS);
  const now = parts.now().getTime();
  return waiting.filter(({ envelope }) => Date.parse(envelope.expires) > now);
}

/** The member has stored it durably. Again: the same answer. @throws {Problem} `not_found` */
export const acknowledge = async (
  parts: RelayParts,
  institution: InstitutionId,
  id: string,
): Promise<RelayedEnvelope> => finish(parts, await requireMail(parts, institution, id), 'acknowledged');

/** The member cannot take it; the sender learns why. @throws {Problem} `not_found` */
export const refuse = async (
  parts: RelayParts,
  institution: InstitutionId,
  id: string,
  reason: ProblemCode,
): Promise<RelayedEnvelope> => finish(parts, await requireMail(parts, institution, id), 'refused', reason);

async function requireMail(parts: RelayParts, institution: InstitutionId, id: string): Promise<RelayedEnvelope> {
  const entry = await parts.store.read(id);
  const isTheirs = entry?.envelope.to === institution && entry.destination.kind === 'mailbox';
  if (!entry || !isTheirs) throw new Problem('not_found', 'no such envelope in the mailbox');
  return entry;
}

const finish = async (
  parts: RelayParts,
  entry: RelayedEnvelope,
  state: 'acknowledged' | 'refused',
  reason?: ProblemCode,
): Promise<RelayedEnvelope> => (await advanceOwn(parts, entry.envelope.id, state, reason)) ?? entry;

/** Moves an envelope on with a receipt of our own and lets the origin know; nothing happens when it is further already. */
export async function advanceOwn(
  parts: RelayParts,
  id: string,
  state: 'delivered' | 'acknowledged' | 'refused' | 'expired',
  reason?: string,
): Promise<RelayedEnvelope | undefined> {
  const entry = await parts.store.read(id);
  if (!entry) return undefined;
  const receipt = await createReceipt(parts, entry.envelope, state, reason);
  const advanced = await parts.store.advance(id, [{ ...receipt, isOwn: true }]);
  if (advanced?.origin) parts.bells.ring(owedBell(advanced.origin));
  return advanced;
}
