import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readChain } from '#lib/inspector/certificate-chain.ts';
import { judgeValidity } from '#lib/inspector/validity.ts';
import { vectorPath } from '../../vectors.ts';

const hpki = vectorPath('hpki');
const file = (name: string) => new Uint8Array(readFileSync(`${hpki}/${name}`));

it.skipIf(!hpki)(
  "a doctor's certificate leads to the ministry's root, whatever the order of the authorities",
  async () => {
    const authorities = ['hpki-ca-mhlw-root-v2.der', 'hpki-ca-medis-auth.der', 'hpki-ca-medis-sign.der'].map(file);
    const chain = await readChain(file('hpki-test-medis-sign.der'), authorities);
    expect(chain?.map(({ signedBy, known }) => [signedBy, known])).toEqual([
      ['next', undefined],
      ['next', undefined],
      ['itself', 'hpkiRoot'],
    ]);
    expect(chain?.[0].facts).toMatchObject({ purpose: 'hpkiSignature', world: 'test', role: 'Medical Doctor' });
    expect(chain?.[1]?.facts.isAuthority).toBe(true);
    expect(chain?.[1]?.facts.authorityName).toContain('MedisSignCA2');
  },
);

it.skipIf(!hpki)('without its authority the end of the path is open', async () => {
  const chain = await readChain(file('hpki-test-medis-sign.der'), [file('hpki-ca-mhlw-root-v2.der')]);
  expect(chain?.map(({ signedBy }) => signedBy)).toEqual(['unknown']);
});

it('bytes that are no certificate have no path', async () => {
  expect(await readChain(Uint8Array.of(0x30, 0x00), [])).toBeUndefined();
});

it('a validity counts whole days, and knows before and after', () => {
  const from = '2026-01-01T00:00:00Z';
  const until = '2026-01-11T00:00:00Z';
  const judge = (at: string) => judgeValidity(from, until, new Date(at));
  expect(judge('2026-01-06T00:00:00Z')).toEqual({ kind: 'valid', daysLeft: 5, passed: 0.5 });
  expect(judge(until)).toMatchObject({ kind: 'valid', daysLeft: 0 });
  expect(judge('2026-01-11T00:00:01Z')).toEqual({ kind: 'expired', passed: 1 });
  expect(judge('2025-12-31T23:59:59Z')).toEqual({ kind: 'future', passed: 0 });
});
