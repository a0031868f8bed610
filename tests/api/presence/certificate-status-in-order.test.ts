import type { Certificate } from '#api/contract/certificate.ts';
import type { CertificateStatus, StatusAnswer } from '#api/contract/certificate-status.ts';
import { createStatusInOrder } from '#api/presence/certificate-status-in-order.ts';
import { expect, it } from 'vitest';

const at = new Date('2026-11-22T03:00:00Z');
const certificate = {} as Certificate;

function says(status: StatusAnswer['status'], source: string): CertificateStatus & { readonly asked: () => number } {
  let asked = 0;
  return {
    check: () => {
      asked += 1;
      return Promise.resolve({ status, source, checkedAt: at });
    },
    asked: () => asked,
  };
}

it.each(['good', 'revoked'] as const)('stops at the first that knows: %s', async (status) => {
  const second = says('good', 'list');
  const answer = await createStatusInOrder(says(status, 'responder'), second).check(certificate, certificate, at);
  expect(answer).toMatchObject({ status, source: 'responder' });
  expect(second.asked()).toBe(0);
});

it('asks the next when one does not know', async () => {
  const order = createStatusInOrder(says('unknown', 'responder'), says('revoked', 'list'));
  expect(await order.check(certificate, certificate, at)).toMatchObject({ status: 'revoked', source: 'list' });
});

it('does not know what none knows', async () => {
  const order = createStatusInOrder(says('unknown', 'responder'), says('unknown', 'list'));
  expect(await order.check(certificate, certificate, at)).toMatchObject({ status: 'unknown' });
});
