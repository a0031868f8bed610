import { PeerAccessLog, type AccessEntry, type AccessLogView, type AccessPart } from '../../contract/access-event.ts';
import type { ConsentProof } from '../../contract/consent.ts';
import { parseBase64 } from '../../contract/encoding.ts';
import type { ExchangeId, InstitutionId, Subject } from '../../contract/ids.ts';
import type { PresenceSubmission } from '../../contract/presence-proof.ts';
import { Problem } from '../../contract/problem.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import { vouchFor } from '../history/accept-consent.ts';
import { verifyPeerProof } from '../history/verify-peer-proof.ts';
import type { AccessParts } from './parts.ts';

/** A person waits; an exchange that does not answer in time is named as missing. */
const PEER_TIMEOUT_MS = 5_000;
/** For how long what a person signed to see the log lets a peer read it. */
const READABLE_MS = 10 * 60_000;

/** A person reads who saw their data, by tap: this exchange's part, and every peer's or why it is missing. @throws {Problem} */
export async function readOwnLog(
  parts: AccessParts,
  submission: PresenceSubmission,
  institution: InstitutionId,
): Promise<AccessLogView> {
  const { binding, use } = await parts.verifyTap(submission, institution, 'access-log');
  await parts.usePresence(use);
  const proof = { presence: submission.presence, binding: await vouchFor(parts, binding) };
  return collectLog(parts, { proof, subject: binding.subject, institution, certificate: submission.certificate });
}

/** Everybody's part of a person's log. */
export async function collectLog(
  parts: AccessParts,
  {
    proof,
    subject,
    institution,
    certificate,
  }: {
    readonly proof: ConsentProof;
    readonly subject: Subject;
    readonly institution: InstitutionId;
    /** Base64 DER. */
    readonly certificate: string;
  },
): Promise<AccessLogView> {
  const query = { certificate: parseBase64(certificate), institution, at: parts.now(), subject };
  const [person, entries, ...others] = await Promise.all([
    parts.findPerson(query),
    listEntries(parts, subject),
    ...parts.peers.map((peer) => askPeer(peer, proof)),
  ]);
  return { subject, person, proof, parts: [{ kind: 'entries', exchange: parts.exchange, entries }, ...others] };
}

async function askPeer(peer: ExchangeClient, proof: ConsentProof): Promise<AccessPart> {
  const { exchange } = peer;
  try {
    const options = { timeoutMs: PEER_TIMEOUT_MS };
    const { entries } = await peer.post('/api/peer/access-logs', { proof }, PeerAccessLog, options);
    return { kind: 'entries', exchange, entries };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'missing', exchange, problem: error.toDocument() };
  }
}

/**
 * Answers a peer with our part of a person's log, on the strength of what the card signed moments ago.
 *
 * @throws {Problem} `consent_invalid`, `consent_wrong_person`, `consent_wrong_scope`, `consent_expired`
 */
export async function answerPeerLog(parts: AccessParts, peer: ExchangeId, proof: ConsentProof): Promise<PeerAccessLog> {
  const { claims, binding } = await verifyPeerProof(parts, peer, proof);
  if (claims.purpose !== 'access-log' && claims.purpose !== 'withdrawal') {
    throw new Problem('consent_wrong_scope', 'not signed to see the log');
  }
  if (parts.now().getTime() - claims.iat * 1000 > READABLE_MS)
    throw new Problem('consent_expired', 'signed too long ago');
  return { entries: await listEntries(parts, binding.subject) };
}

/** What institutions here said, what was read with consents given here, and what was taken back. */
async function listEntries(
  { events, consents, receiptOf }: AccessParts,
  subject: Subject,
): Promise<readonly AccessEntry[]> {
  const [known, given, withdrawn] = await Promise.all([
    events.listBySubject(subject),
    consents.listBySubject(subject),
    consents.listWithdrawals(subject),
  ]);
  const own = await Promise.all(
    known.map(async (event) => ({ kind: 'event' as const, event: event.event, receipt: await receiptOf(event) })),
  );
  const signed = [...given, ...withdrawn].map(({ presence, binding }) => ({
    kind: 'consent' as const,
    proof: { presence, binding },
  }));
  return [...own, ...signed];
}
