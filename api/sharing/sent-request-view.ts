import { parseFaithfulJson } from '../contract/faithful-json.ts';
import { parseBase64Url } from '../contract/encoding.ts';
import type { SentRequest } from '../contract/gateway-api.ts';
import { readClaims } from '../contract/jose.ts';
import { Refusal, Release, type ReleasedDocument } from '../contract/release.ts';
import type { EnvelopeProgress } from '../storage/post-office.ts';
import type { SentRequestEntry } from '../storage/sharing.ts';
import { readRequest } from './request-statement.ts';

/** A request of ours as the doctor sees it: how far it is, and what came back. */
export function toSentRequest(entry: SentRequestEntry, progress: EnvelopeProgress | undefined, now: Date): SentRequest {
  const { to, kinds, issuedAt, expires } = readRequest(entry.request);
  return {
    ...{ id: entry.id, to, subject: entry.subject, kinds, issuedAt },
    state: stateOf(entry, progress, Date.parse(expires) <= now.getTime()),
    envelopeState: progress?.state ?? null,
    receipts: progress?.receipts ?? [],
    answeredAt: entry.answer?.at.toISOString() ?? null,
    documents: readDocuments(entry),
    refusal: readRefusal(entry, progress),
  };
}

/** An answer decides, then the end of the envelope, then the end of the time; an acknowledged request waits for a person. */
function stateOf(
  { answer }: SentRequestEntry,
  progress: EnvelopeProgress | undefined,
  isOver: boolean,
): SentRequest['state'] {
  if (answer) return answer.kind;
  if (progress?.state === 'refused') return 'refused';
  if (progress?.state === 'expired' || isOver) return 'expired';
  return progress?.state === 'acknowledged' ? 'waiting' : 'sent';
}

/** The signature was verified when the answer was stored; here the digits matter, so the payload is read faithfully. */
function readDocuments({ answer }: SentRequestEntry): readonly ReleasedDocument[] {
  if (answer?.kind !== 'released') return [];
  const payload = new TextDecoder().decode(parseBase64Url(answer.statement.split('.')[1] ?? ''));
  return Release.parse(parseFaithfulJson(payload)).documents;
}

function readRefusal({ answer }: SentRequestEntry, progress: EnvelopeProgress | undefined): SentRequest['refusal'] {
  if (answer?.kind === 'refused') {
    const { reason, note = null } = readClaims(answer.statement, Refusal);
    return { reason, note };
  }
  const isEnvelopeRefused = !answer && progress?.state === 'refused';
  return isEnvelopeRefused ? { reason: progress.reason ?? 'internal', note: null } : null;
}
