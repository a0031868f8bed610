import { expect, it } from 'vitest';
import { countCosignatures } from '../../../api/contract/evidence/log-witnesses.ts';
import { EvidenceError } from '../../../api/contract/evidence/errors.ts';
import type { Witness } from '../../../api/evidence/witness.ts';
import { createWitnessing } from '../../../api/evidence/witnessing.ts';
import { openTestLog } from './evidence-fixture.ts';
import { openTestWitness } from './witness-fixture.ts';

async function open(change: (witness: Witness, at: number) => Witness = (witness) => witness) {
  const { open: openLog, append, signer } = await openTestLog();
  const log = await openLog({ threshold: 2 });
  const names = ['w1.example', 'w2.example', 'w3.example'];
  const witnesses = await Promise.all(
    names.map(async (name, at) => change((await openTestWitness(name, [signer.verifier])).witness, at)),
  );
  // Whoever waited for the limit would wait longer than the test may take.
  const witnessing = createWitnessing({ log, witnesses, threshold: 2, waitMs: 600_000 });
  const grow = async () => {
    await append(1);
    return log.integrate();
  };
  const states = () => witnessing.status().witnesses.map(({ state }) => state);
  return { log, witnessing, grow, states };
}

const away = ({ verifier }: Witness): Witness => ({
  verifier,
  addCheckpoint: () => Promise.reject(new EvidenceError('witness_unreachable', verifier.name)),
});

it('has what was just integrated cosigned', async () => {
  const { log, witnessing, grow, states } = await open();
  expect(states()).toEqual(['unknown', 'unknown', 'unknown']);
  for (const index of [0, 1, 2]) {
    await grow();
    await witnessing.waitForRound();
    expect(countCosignatures(await log.proofFor(index))).toBe(3);
  }
  expect(witnessing.status().witnesses.map(({ size }) => size)).toEqual([3, 3, 3]);
});

it('gathers those who wait at once', async () => {
  const { log, witnessing, grow } = await open();
  await grow();
  const first = witnessing.waitForRound();
  await grow();
  await Promise.all([first, witnessing.waitForRound(), witnessing.waitForRound()]);
  expect(countCosignatures(await log.proofFor(1))).toBe(3);
});

it('does with two of three', async () => {
  const { log, witnessing, grow, states } = await open((witness, at) => (at === 0 ? away(witness) : witness));
  await grow();
  await witnessing.waitForRound();
  expect([states(), countCosignatures(await log.proofFor(0))]).toEqual([['away', 'cosigning', 'cosigning'], 2]);
});

it('lets nobody wait while too few are there', async () => {
  let isAsked = 0;
  const count = (witness: Witness): Witness => ({
    ...away(witness),
    addCheckpoint: (body) => {
      isAsked += 1;
      return away(witness).addCheckpoint(body);
    },
  });
  const { witnessing, grow, states } = await open((witness, at) => (at < 2 ? count(witness) : witness));
  await grow();
  await witnessing.waitForRound();
  expect([states(), isAsked]).toEqual([['away', 'away', 'cosigning'], 2]);
  await grow();
  await witnessing.waitForRound();
  expect(isAsked).toBe(2);
});

it('does not wait longer than it may for one that does not answer', async () => {
  const { open: openLog, append, signer } = await openTestLog();
  const log = await openLog({ threshold: 1 });
  const silent: Witness = {
    ...(await openTestWitness('w1.example', [signer.verifier])).witness,
    addCheckpoint: () => new Promise(() => {}),
  };
  const witnessing = createWitnessing({ log, witnesses: [silent], threshold: 1, waitMs: 1 });
  await append(1);
  await log.integrate();
  await witnessing.waitForRound();
  expect(countCosignatures(await log.proofFor(0))).toBe(0);
});
