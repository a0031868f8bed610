import { expect, it } from 'vitest';
import { PROBLEM_CODES, type ProblemCode } from '#api/contract/problem.ts';
import { isFinal } from '#api/visits/exchange-answer.ts';
import { hashSubmission } from '#api/visits/submission-hash.ts';

it.each<[ProblemCode, boolean]>([
  ['presence_replayed', true],
  ['presence_challenge_unknown', true],
  ['card_not_enrolled', true],
  ['certificate_revoked', true],
  ['terminal_signature_invalid', true],
  ['conflict', true],
  ['certificate_status_unknown', false],
  ['clock_skew', false],
  ['payer_unreachable', false],
  ['unauthenticated', false],
  ['forbidden', false],
  ['malformed_request', false],
  ['too_large', false],
  ['internal', false],
  ['unavailable', false],
  ['exchange_unreachable', false],
])('takes %s as final: %s', (code, final) => {
  expect(isFinal(code)).toBe(final);
});

it('takes nothing else as final that is not about the tap', () => {
  const final = PROBLEM_CODES.filter(isFinal);
  expect(final.every((code) => /^(presence|certificate|card|terminal)_|^conflict$/.test(code))).toBe(true);
});

it('names a submission by all of its content', () => {
  const submission = { submissionId: 'a', presence: 'b', certificate: 'c', terminal: 'd' };
  const names = [
    submission,
    { ...submission, presence: 'x' },
    { ...submission, certificate: 'x' },
    { ...submission, terminal: 'x' },
    { ...submission, attestation: 'x' },
  ].map(hashSubmission);
  expect(new Set(names).size).toBe(names.length);
});
