import { parseFaithfulJson } from '../contract/faithful-json.ts';
import { parseBase64Url } from '../contract/encoding.ts';
import type { SentRequest } from '../contract/share-requests-api.ts';
import { readClaims } from '../contract/jose.ts';
import type { SentDispensing } from '../contract/dispensing.ts';
import { Refusal, Release } from '../contract/release.ts';
import type { EnvelopeProgress } from '../storage/post-office.ts';
import type { SentRequestEntry } from '../storage/sharing.ts';
import type { OurDispensing } from '../storage/dispensings.ts';
import { basisOf } from './request-basis.ts';
import { readRequest } from './request-statement.ts';

/** A dispensing answer of ours: its envelope's acknowledgement is the issuer's yes, its refusal the no. */
export function toSentDispensing(
  { id, documentId, dispensedAt }: OurDispensing,
  progress: EnvelopeProgress | undefined,
): SentDispensing {
  const states = { acknowledged: 'confirmed', refused: 'refused', expired: 'expired' } as const;
  const state = progress?.state ?? 'accepted';
  return {
    ...{ id, documentId, dispensedAt: dispensedAt.toISOString(), reason: progress?.reason ?? null },
    state: state in states ? states[state as keyof typeof states] : 'claimed',
  };
}

/** A request of ours as the doctor sees it: how far it is, and what came back. */
export function toSentRequest(
  entry: SentRequestEntry,
  progress: EnvelopeProgress | undefined,
  now: Date,
  dispensings: readonly SentDispensing[] = [],
): SentRequest {
  const { to, kinds, issuedAt, expires, consent } = readRequest(entry.request);
  const release = readRelease(entry);
  return {
    ...{ basis: basisOf({ consent }), withheld: release?.withheld ?? [], dispensings },
    ...{ id: entry.id, to, subject: entry.subject, kinds, issuedAt },
    state: stateOf(entry, progress, Date.parse(expires) <= now.getTime()),
    envelopeState: progress?.state ?? null,
    receipts: progress?.receipts ?? [],
    answeredAt: entry.answer?.at.toISOString() ?? null,
    documents: release?.documents ?? [],
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
function readRelease({ answer }: SentRequestEntry): Release | undefined {
  if (answer?.kind !== 'released') return undefined;
  const payload = new TextDecoder().decode(parseBase64Url(answer.statement.split('.')[1] ?? ''));
  return Release.parse(parseFaithfulJson(payload));
}

function readRefusal({ answer }: SentRequestEntry, progress: EnvelopeProgress | undefined): SentRequest['refusal'] {
  if (answer?.kind === 'refused') {
    const { reason, note = null } = readClaims(answer.statement, Refusal);
    return { reason, note };
  }
  const isEnvelopeRefused = !answer && progress?.state === 'refused';
  return isEnvelopeRefused ? { reason: progress.reason ?? 'internal', note: null } : null;
}
