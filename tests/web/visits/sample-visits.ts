import { createId } from '#api/contract/ids.ts';
import type { VisitView } from '#api/contract/visits-api.ts';
import { encodeBase64Url, encodeUtf8 } from '#api/contract/encoding.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';

const HASH = 'A'.repeat(43);

/** A well-formed submission of a tap at the given second; nobody signed it. */
export function createSubmission(iat = 1_795_392_000): PresenceSubmission {
  const claims = {
    version: 1,
    jti: createId(),
    iss: HASH,
    actorId: 'sakura/1310000012',
    aud: 'east',
    iat,
    purpose: 'visit',
    proofMethod: 'mynumber-tap',
    freshness: { kind: 'challenge', challenge: HASH },
    certHash: HASH,
  };
  const payload = encodeBase64Url(encodeUtf8(JSON.stringify(claims)));
  return { submissionId: createId(), presence: `e30.${payload}.AA`, certificate: 'AAAA', terminal: 'e30.e30.AA' };
}

/** What a gateway answers to it. */
export function createView(
  { submissionId }: Pick<PresenceSubmission, 'submissionId'>,
  change: Partial<VisitView> = {},
): VisitView {
  return {
    submissionId,
    visitId: createId(),
    state: 'recorded',
    presentedAt: '2026-11-22T03:00:00.000Z',
    receivedAt: '2026-11-22T03:00:01.000Z',
    acceptedAt: '2026-11-22T03:00:01.000Z',
    person: { subject: HASH, name: '野々山 美月', kana: 'ノノヤマ ミヅキ', birthDate: '1972-10-03', sex: 'female' },
    coverage: {
      status: 'valid',
      insurerNumber: '01139906',
      insurerName: '架空健康保険協会',
      symbol: '4104',
      number: '70536',
      branch: '01',
    },
    record: 'e30.e30.AA',
    receipt: null,
    problem: null,
    documents: 0,
    ...change,
  };
}
