import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Receipt } from '#api/contract/evidence/receipt.ts';
import { countCosignatures } from '#api/contract/evidence/log-witnesses.ts';
import { parseTrust } from '#api/contract/evidence/trust.ts';
import { verifyReceipt } from '#api/contract/evidence/verify-receipt.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { startVisitNetwork, until } from './visit-network.ts';

let net: Awaited<ReturnType<typeof startVisitNetwork>>;
beforeAll(async () => {
  net = await startVisitNetwork();
}, WORLD_TIMEOUT_MS);
afterAll(() => net.stop());

const present = (states: readonly { readonly state: string }[]) =>
  states.filter(({ state }) => state === 'cosigning').length;
const readWitnesses = async () => (await net.exchangeStatus()).witnesses?.witnesses ?? [];
const visit = async (personId: string) => net.post(await net.terminal.tap(net.lay(personId)));
const receiptOf = async (submissionId: string, isEnough: (receipt: Receipt) => boolean) => {
  const view = await until(
    () => net.read(submissionId),
    ({ receipt }) => receipt !== null && isEnough(receipt),
  );
  return view.receipt!;
};
const isCosigned = ({ proof }: Receipt) => countCosignatures(proof) >= 2;

async function checkWitnesses(receipt: Receipt) {
  const pinned = parseTrust(await readFile(join(net.network.dataDirectory, 'tsunagi-trust.json'), 'utf8'));
  const verdict = await verifyReceipt(receipt, pinned);
  const check = verdict.checks.find(({ code }) => code === 'witnesses');
  return [check?.outcome, check?.reason, verdict.ok];
}

it('a receipt carries the cosignatures of those who watch the log', async () => {
  await until(readWitnesses, (states) => present(states) === 3);
  const { submissionId } = await visit('person-01');
  expect(await checkWitnesses(await receiptOf(submissionId, isCosigned))).toEqual(['passed', undefined, true]);
});

it('with one witness away two suffice', async () => {
  await net.network.stopNode('west');
  const { submissionId } = await visit('person-02');
  expect(await checkWitnesses(await receiptOf(submissionId, isCosigned))).toEqual(['passed', undefined, true]);
  await until(readWitnesses, (states) => states.some(({ state }) => state === 'away'));
});

it('with two away the visit is recorded and receipted all the same; the cosignatures follow', async () => {
  await net.network.stopNode('gateway-b');
  const view = await visit('person-03');
  expect(view.state).toBe('recorded');
  const scarce = await receiptOf(view.submissionId, () => true);
  expect(await checkWitnesses(scarce)).toEqual(['failed', 'witnesses_missing', false]);

  expect(present(await readWitnesses())).toBe(1);
  await net.network.startNode('west');
  expect(await checkWitnesses(await receiptOf(view.submissionId, isCosigned))).toEqual(['passed', undefined, true]);
}, 30_000);

it('no witness key can be read by others', async () => {
  for (const node of ['east', 'west', 'gateway-a', 'gateway-b']) {
    const { mode } = await stat(join(net.network.dataDirectory, `keys/${node}-witness.json`));
    expect(mode & 0o077).toBe(0);
  }
});

it('reports no failure of its own', () => {
  expect(net.failures).toEqual([]);
});
