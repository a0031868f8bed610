import { parseBase64 } from '../../contract/encoding.ts';
import { PeerHistory, type HistoryOutcome, type HistoryPart } from '../../contract/exchange-api.ts';
import { findTimelineFaults, verifyTimelineHead, type TimelineFault } from '../../contract/evidence/timeline.ts';
import type { ConsentProof } from '../../contract/consent.ts';
import type { InstitutionId, Subject } from '../../contract/ids.ts';
import { JoseError } from '../../contract/jose.ts';
import type { PresenceSubmission } from '../../contract/presence-proof.ts';
import { Problem } from '../../contract/problem.ts';
import { recordHash, verifyVisitRecord } from '../../contract/visit-record.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import { acceptConsent } from './accept-consent.ts';
import type { HistoryParts } from './parts.ts';

/** A doctor and a patient wait; an exchange that does not answer in time is named as missing. */
const PEER_TIMEOUT_MS = 5_000;
/** Faults that mean that a record is missing or one too many. Times that look odd are for the reader to judge. */
const INCOMPLETE: ReadonlySet<TimelineFault['kind']> = new Set<TimelineFault['kind']>([
  ...(['previous_missing', 'previous_repeated', 'count_differs', 'head_differs', 'foreign_record'] as const),
]);

/**
 * A person's visits everywhere, for the institution they consented to: this exchange's part, and every peer's part or the
 * reason why it is missing.
 *
 * @throws {Problem} when the consent does not hold
 */
export async function collectHistory(
  parts: HistoryParts,
  submission: PresenceSubmission,
  institution: InstitutionId,
): Promise<HistoryOutcome> {
  const { subject, presence, binding } = await acceptConsent(parts, submission, institution);
  const consent = { presence, binding };
  const certificate = parseBase64(submission.certificate);
  const [person, own, ...others] = await Promise.all([
    parts.findPerson({ certificate, institution, at: parts.now(), subject }),
    parts.readReceipts(subject),
    ...parts.peers.map((peer) => askPeer(parts, peer, consent, subject)),
  ]);
  return { consent, person, parts: [{ kind: 'records', exchange: parts.exchange, ...own }, ...others] };
}

async function askPeer(
  parts: HistoryParts,
  peer: ExchangeClient,
  consent: ConsentProof,
  subject: Subject,
): Promise<HistoryPart> {
  try {
    const history = await peer.post('/api/peer/histories', { consent }, PeerHistory, { timeoutMs: PEER_TIMEOUT_MS });
    await requireTheirs(parts, peer, history, subject);
    return { kind: 'records', exchange: peer.exchange, ...history };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'missing', exchange: peer.exchange, problem: error.toDocument() };
  }
}

/**
 * A peer answers with records that it signed itself, of the person asked about, and with all that its signed timeline head
 * speaks of; anything else is no answer.
 */
async function requireTheirs(
  { directory }: HistoryParts,
  { exchange }: ExchangeClient,
  { receipts, timeline }: PeerHistory,
  subject: Subject,
): Promise<void> {
  const findKey = directory().exchangeKeys(exchange);
  try {
    const visits = await Promise.all(receipts.map(({ record }) => verifyVisitRecord(record, findKey)));
    const areTheirs = visits.every((visit) => visit.iss === exchange && visit.subject === subject);
    const head = timeline === undefined ? undefined : await verifyTimelineHead(timeline, findKey);
    const isTheirs = !head || (head.iss === exchange && head.subject === subject);
    const records = receipts.flatMap(({ record }, i) =>
      visits[i] ? [{ hash: recordHash(record), visit: visits[i] }] : [],
    );
    const isWhole = !head || !findTimelineFaults(head, records).some(({ kind }) => INCOMPLETE.has(kind));
    if (areTheirs && isTheirs && isWhole) return;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('exchange_unreachable', 'its records do not verify', { cause });
  }
  throw new Problem('exchange_unreachable', 'it answered with records of something else, or not with all');
}
