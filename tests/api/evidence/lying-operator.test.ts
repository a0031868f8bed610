import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { encodeAddCheckpoint } from '../../../api/contract/evidence/add-checkpoint.ts';
import { parseSignedCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { isEquivocation } from '../../../api/contract/evidence/equivocation.ts';
import type { NoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { encodeVerifierKey } from '../../../api/contract/evidence/verifier-key.ts';
import { createWitnessPolicy, findCosignatures } from '../../../api/contract/evidence/witness-policy.ts';
import { createWitness } from '../../../api/evidence/witness.ts';
import { createCosigning } from '../../../api/evidence/cosigning.ts';
import type { EvidenceLog } from '../../../api/evidence/log.ts';
import { appendLeaf } from '../../../api/storage/sqlite/evidence.ts';
import { digest } from '../../../api/contract/encoding.ts';
import { openTestLog } from './evidence-fixture.ts';
import { openTestWitness } from './witness-fixture.ts';

/** The operator's machine: any history it likes, signed with the log's real key. */
async function forge(signer: NoteSigner, leaves: readonly string[]): Promise<EvidenceLog> {
  const { database, open } = await openTestLog();
  await database.write((db) => leaves.forEach((leaf) => appendLeaf(db, digest(encodeUtf8(leaf)))));
  return open({ signer });
}

const HONEST = ['one', 'two', 'three', 'four', 'five'];

async function openNetwork() {
  const { signer } = await openTestLog();
  const witnesses = await Promise.all(
    ['w1.example', 'w2.example', 'w3.example'].map((name) => openTestWitness(name, [signer.verifier])),
  );
  const policy = createWitnessPolicy(
    2,
    witnesses.map((witness) => encodeVerifierKey(witness.signer.verifier)),
  );
  const clients = witnesses.map(({ http }) => http);
  const honest = await forge(signer, HONEST);
  await createCosigning(honest, clients).cosignLatest();
  const countCosigners = async (log: EvidenceLog) =>
    (await findCosignatures(parseSignedCheckpoint((await log.latestCheckpoint()).note).note, policy)).length;
  return { signer, witnesses, clients, policy, honest, countCosigners };
}

describe('an operator who lies', () => {
  it('is believed while it does not', async () => {
    const { honest, countCosigners } = await openNetwork();
    expect(await countCosigners(honest)).toBe(3);
  });

  it.each([
    ['shows another tree of the same size (split view)', ['one', 'two', 'three', 'four', 'FIVE']],
    ['rolls back to a smaller tree', ['one', 'two', 'three']],
    ['drops a leaf and grows on', ['one', 'two', 'four', 'five', 'six', 'seven']],
    ['rewrites a leaf and grows on', ['one', 'TWO', 'three', 'four', 'five', 'six', 'seven']],
    ['puts a leaf in between and grows on', ['one', 'two', '2½', 'three', 'four', 'five', 'six']],
  ])('%s: no witness cosigns it', async (_, leaves) => {
    const { signer, clients, countCosigners } = await openNetwork();
    const lie = await forge(signer, leaves);
    const results = await createCosigning(lie, clients).cosignLatest();
    expect(results.map(({ error }) => error?.code)).toEqual(['witness_refused', 'witness_refused', 'witness_refused']);
    expect(await countCosigners(lie)).toBe(0);
  });

  it('cannot lend the lie the honest tree’s consistency proof', async () => {
    const { signer, witnesses, honest } = await openNetwork();
    const lie = await forge(signer, ['one', 'TWO', 'three', 'four', 'five', 'six', 'seven']);
    const grown = await forge(signer, [...HONEST, 'six', 'seven']);
    const proof = await grown.consistencyProof((await honest.latestCheckpoint()).size, 7);
    const note = (await lie.latestCheckpoint()).note;
    expect(await witnesses[0]?.witness.addCheckpoint(encodeAddCheckpoint({ oldSize: 5, proof, note }))).toMatchObject({
      kind: 'refused',
      status: 422,
    });
  });

  it('convicts itself: the witness keeps two signed states that exclude each other', async () => {
    const { signer, witnesses, clients } = await openNetwork();
    const lie = await forge(signer, ['one', 'two', 'three', 'four', 'FIVE']);
    await createCosigning(lie, clients).cosignLatest();
    const [found, ...more] = (await witnesses[0]?.store.readMisbehaviour(lie.origin)) ?? [];
    expect(more).toEqual([]);
    const notes = [found?.seenNote ?? '', found?.offeredNote ?? ''] as const;
    expect(await isEquivocation(...notes, signer.verifier)).toBe(true);
    expect(await isEquivocation(notes[0], notes[0], signer.verifier)).toBe(false);
    expect(await isEquivocation(notes[0], notes[1].replace('\n5\n', '\n6\n'), signer.verifier)).toBe(false);
    const stranger = (await openTestLog()).signer.verifier;
    expect(await isEquivocation(...notes, stranger)).toBe(false);
  });

  it('needs as many witnesses to lie with it as the policy asks for', async () => {
    const { signer, witnesses, clients, countCosigners } = await openNetwork();
    const lie = await forge(signer, ['one', 'two', 'three', 'four', 'FIVE']);
    const logKeys = () => [signer.verifier];
    // Accomplices: the pinned keys, but a memory wiped for the occasion.
    const [first, second] = await Promise.all(
      witnesses.map(async (honest) =>
        createWitness({ ...(await openTestWitness('unused.example', [])), signer: honest.signer, logKeys, clock }),
      ),
    );
    await createCosigning(lie, [first ?? expect.fail(), ...clients.slice(1)]).cosignLatest();
    expect(await countCosigners(lie)).toBe(1);
    await createCosigning(lie, [second ?? expect.fail()]).cosignLatest();
    expect(await countCosigners(lie)).toBe(2);
  });
});

const clock = () => new Date('2026-04-01T00:00:10Z');

describe('a witness policy', () => {
  it('counts no witness twice', async () => {
    const { policy } = await openNetwork();
    const keys = policy.witnesses.map(encodeVerifierKey);
    expect(() => createWitnessPolicy(2, [keys[0] ?? '', keys[0] ?? ''])).toThrow(RangeError);
    expect(() => createWitnessPolicy(4, keys)).toThrow(RangeError);
  });
});
