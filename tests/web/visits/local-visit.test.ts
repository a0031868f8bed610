import { expect, it } from 'vitest';
import { problemOf, placeOf, toLocalVisit, type LocalVisit } from '#lib/visits/local-visit.ts';
import { createSubmission, createView } from './sample-visits.ts';

const submission = createSubmission();
const waiting: LocalVisit = {
  submissionId: submission.submissionId,
  presentedAt: '2026-11-22T03:00:00.000Z',
  view: null,
  problem: null,
  isWaiting: true,
};
const receipt = { version: 1 as const, record: 'a.b.c', salt: 'A'.repeat(43), proof: '' };
const problem = { type: '', title: '', status: 403, code: 'certificate_revoked' as const };

it.each([
  ['tablet', waiting],
  ['tablet', { ...waiting, problem: 'unavailable' as const }],
  ['refused', { ...waiting, isWaiting: false, problem: 'presence_replayed' as const }],
  ['gateway', { ...waiting, isWaiting: false }],
  ['gateway', toLocalVisit(createView(submission, { state: 'kept' }))],
  ['recorded', toLocalVisit(createView(submission))],
  ['log', toLocalVisit(createView(submission, { receipt }))],
  ['refused', toLocalVisit(createView(submission, { state: 'refused', problem }))],
] as const)('says %s', (place, visit) => {
  expect(placeOf(visit)).toBe(place);
});

it('knows the reason, whoever refused', () => {
  expect(problemOf({ ...waiting, problem: 'presence_replayed' })).toBe('presence_replayed');
  expect(problemOf(toLocalVisit(createView(submission, { state: 'refused', problem })))).toBe('certificate_revoked');
  expect(problemOf(toLocalVisit(createView(submission)))).toBeNull();
});
