import type { InstitutionId } from '../contract/ids.ts';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import type { Mailbox } from '../contract/relay-api.ts';
import type { EnvelopeWithBody, RelayedEnvelope } from '../storage/relay.ts';
import { mailboxBell, owedBell, type RelayParts } from './parts.ts';
import { createReceipt } from './receipts.ts';

/** One answer holds at least one envelope; more only while they stay handy. */
const PULL_LIMITS = { count: 64, bytes: 8 * 1024 * 1024 };

export interface PullOptions {
  readonly waitMs: number;
  /** Conversations that the member cannot go on with now. */
  readonly except: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * What waits for a member, each priority with its share and each conversation in order; waits for something to come when
 * there is nothing. What was handed out once and not acknowledged is handed out again.
 */
export async function pullMailbox(
  parts: RelayParts,
  institution: InstitutionId,
  { waitMs, except, signal }: PullOptions,
): Promise<Mailbox> {
  // Listens before it looks: what arrives in between rings.
  const looked = new AbortController();
  const ring = parts.bells.wait(mailboxBell(institution), waitMs, AbortSignal.any([signal, looked.signal]));
  let waiting = await readUnexpired(parts, institution, except);
  if (waiting.length === 0 && (await ring)) waiting = await readUnexpired(parts, institution, except);
  looked.abort();

  const given = await handOut(parts, waiting);
  return {
    envelopes: given.map(({ seal, body, size }) => ({ envelope: seal, body, ...(body === null ? { size } : {}) })),
  };
}

/** What is handed out for the first time is noted before; what another process ended meanwhile stays here. */
async function handOut(parts: RelayParts, waiting: readonly EnvelopeWithBody[]): Promise<readonly EnvelopeWithBody[]> {
  const states = await Promise.all(
    waiting.map(async (entry) =>
      entry.state === 'accepted' ? (await advanceEntry(parts, entry, 'delivered')).state : entry.state,
    ),
  );
  return waiting.filter((_entry, at) => states[at] === 'delivered');
}

/** One that was handed out before its time ended is handed out until the member says whether it has it. */
async function readUnexpired(
  parts: RelayParts,
  institution: InstitutionId,
  except: readonly string[],
): Promise<readonly EnvelopeWithBody[]> {
  const waiting = await parts.store.readMailbox(institution, { ...PULL_LIMITS, except });
  const now = parts.now().getTime();
  return waiting.filter(({ envelope, state }) => state === 'delivered' || Date.parse(envelope.expires) > now);
}

/** The member has stored it durably. Again: the same answer. @throws {Problem} `not_found` */
export const acknowledge = async (
  parts: RelayParts,
  institution: InstitutionId,
  id: string,
): Promise<RelayedEnvelope> => advanceEntry(parts, await requireMail(parts, institution, id), 'acknowledged');

/** The member cannot take it, or not any longer; the sender learns why. @throws {Problem} `not_found` */
export const refuse = async (
  parts: RelayParts,
  institution: InstitutionId,
  id: string,
  reason: ProblemCode,
): Promise<RelayedEnvelope> => {
  const entry = await requireMail(parts, institution, id);
  return reason === 'envelope_expired'
    ? advanceEntry(parts, entry, 'expired')
    : advanceEntry(parts, entry, 'refused', reason);
};

/** An envelope that lies or lay in a member's mailbox. @throws {Problem} `not_found` */
export async function requireMail(parts: RelayParts, institution: InstitutionId, id: string): Promise<RelayedEnvelope> {
  const entry = await parts.store.read(id);
  const isTheirs = entry?.envelope.to === institution && entry.destination.kind === 'mailbox';
  if (!entry || !isTheirs) throw new Problem('not_found', 'no such envelope in the mailbox');
  return entry;
}

type OwnState = 'delivered' | 'acknowledged' | 'refused' | 'expired';

/** Moves an envelope on with a receipt of our own and lets the origin know; nothing happens when it is further already. */
export async function advanceEntry(
  parts: RelayParts,
  entry: RelayedEnvelope,
  state: OwnState,
  reason?: string,
): Promise<RelayedEnvelope> {
  const { envelope } = entry;
  const receipt = await createReceipt(parts, envelope, state, reason);
  const advanced = await parts.store.advance(envelope.id, [{ ...receipt, isOwn: true }]);
  if (advanced?.origin) parts.bells.ring(owedBell(advanced.origin));
  return advanced ?? entry;
}
