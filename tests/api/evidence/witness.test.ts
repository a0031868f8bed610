import { describe, expect, it } from 'vitest';
import { encodeAddCheckpoint, parseAddCheckpoint } from '../../../api/contract/evidence/add-checkpoint.ts';
import { verifyCosignature } from '../../../api/contract/evidence/cosignature.ts';
import { EvidenceError } from '../../../api/contract/evidence/errors.ts';
import { parseNote } from '../../../api/contract/evidence/signed-note.ts';
import { parseVerifierKey } from '../../../api/contract/evidence/verifier-key.ts';
import { createCosigning } from '../../../api/evidence/cosigning.ts';
import { createHttpWitness } from '../../../api/evidence/witness-client.ts';
import { openTestLog } from './evidence-fixture.ts';
import { openTestWitness } from './witness-fixture.ts';

/** The example of C2SP tlog-witness, add-checkpoint. */
const SPEC_REQUEST = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;

describe('add-checkpoint requests', () => {
  it('keep the bytes of the specification’s example', () => {
    const request = parseAddCheckpoint(SPEC_REQUEST);
    expect([request.oldSize, request.proof.length]).toEqual([20852014, 4]);
    expect(encodeAddCheckpoint(request)).toBe(SPEC_REQUEST);
  });

  it.each([
    '',
    'old 1',
    'old 01\n\nnote\n',
    'old -1\n\nnote\n',
    'size 1\n\nnote\n',
    'old 1\nnotbase64\n\nnote\n',
    `old 1\n${'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n'.repeat(64)}\nnote\n`,
  ])('are refused when malformed: %j', (body) => {
    expect(() => parseAddCheckpoint(body)).toThrow(expect.objectContaining({ code: 'witness_request_malformed' }));
  });
});

async function open() {
  const log = await openTestLog();
  const east = await log.open({});
  const w = await openTestWitness('w1.example', [log.signer.verifier]);
  const body = async (oldSize: number, from = east) => {
    const { size, note } = await from.latestCheckpoint();
    return encodeAddCheckpoint({ oldSize, proof: await from.consistencyProof(oldSize, size), note });
  };
  const post = (text: string) => w.app.request('/add-checkpoint', { method: 'POST', body: text });
  return { ...log, ...w, log: east, body, post };
}

describe('a witness', () => {
  it('cosigns a log’s growth step by step', async () => {
    const { append, log, body, post, signer, store } = await open();
    for (const [old, step] of [
      [0, 3],
      [3, 5],
      [8, 300],
    ] as const) {
      await append(step);
      await log.integrate();
      const response = await post(await body(old));
      expect(response.status).toBe(200);
      const { text } = parseNote((await log.latestCheckpoint()).note);
      const cosigned = parseNote(`${text}\n${await response.text()}`);
      expect(await verifyCosignature(cosigned, signer.verifier)).toMatchObject({ time: 1775001605 });
    }
    expect((await store.readSeen(log.origin))?.size).toBe(308);
  });

  it('tells the size it saw last, in the type the specification names', async () => {
    const { append, log, body, post } = await open();
    await append(4);
    await log.integrate();
    await post(await body(0));
    const response = await post(await body(2));
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '4\n',
    ]);
  });

  it('refuses by the status the specification names', async () => {
    const { append, log, body, post, open: reopen } = await open();
    await append(4);
    await log.integrate();
    const good = await body(0);
    expect((await post('nonsense')).status).toBe(400);
    expect((await post(good.replace('old 0', 'old 5'))).status).toBe(400);
    expect((await post(good.replaceAll('east.example', 'west.example'))).status).toBe(404);
    expect((await post(good.replace('\n4\n', '\n5\n'))).status).toBe(403);
    expect((await post('x'.repeat(40_000))).status).toBe(413);
    await post(good);
    await append(3);
    await log.integrate();
    const proofless = (await body(4)).replace(/^(old 4\n).*?\n\n/s, '$1\n');
    expect((await post(proofless)).status).toBe(422);
    await reopen();
  });

  it('never goes back when two requests race', async () => {
    const { append, log, body, signer } = await open();
    const logKeys = [parseVerifierKey(log.verifierKey)];
    await append(2);
    await log.integrate();
    const first = await body(0);
    await append(2);
    await log.integrate();
    const second = await body(0);
    let held: (() => void) | undefined;
    const racing = await openTestWitness('w1.example', logKeys, (store) => ({
      ...store,
      advance: async (previous, seen) => {
        if (seen.size === 2) await new Promise<void>((resolve) => (held = resolve));
        return store.advance(previous, seen);
      },
    }));
    const slow = racing.witness.addCheckpoint(first);
    await expect.poll(() => held).toBeDefined();
    expect(await racing.witness.addCheckpoint(second)).toMatchObject({ kind: 'cosigned' });
    held?.();
    expect(await slow).toEqual({ kind: 'other_size', status: 409, size: 4 });
    expect(signer.verifier.name).toBe('w1.example');
  });

  it.each(['not stored', 'stored but unanswered'])('gives no cosignature when its memory fails: %s', async (fault) => {
    const log = await openTestLog();
    const east = await log.open();
    let isBroken = true;
    const { witness, store } = await openTestWitness('w1.example', [log.signer.verifier], (real) => ({
      ...real,
      advance: async (previous, seen) => {
        if (!isBroken) return real.advance(previous, seen);
        if (fault === 'stored but unanswered') await real.advance(previous, seen);
        throw new RangeError('power lost');
      },
    }));
    await log.append(2);
    await east.integrate();
    const cosigning = createCosigning(east, [witness]);
    await expect(cosigning.cosignLatest()).rejects.toThrow(RangeError);
    isBroken = false;
    expect(await cosigning.cosignLatest()).toEqual([{ witness: 'w1.example', size: 2 }]);
    expect((await store.readSeen(east.origin))?.size).toBe(2);
  });
});

describe('cosigning', () => {
  it('collects what the witnesses sign and proves leaves under it', async () => {
    const log = await openTestLog();
    const east = await log.open({ threshold: 2 });
    const witnesses = await Promise.all(
      ['w1.example', 'w2.example'].map((n) => openTestWitness(n, [log.signer.verifier])),
    );
    const cosigning = createCosigning(
      east,
      witnesses.map(({ http }) => http),
    );
    await log.append(3);
    await east.integrate();
    expect(await cosigning.cosignLatest()).toEqual([
      { witness: 'w1.example', size: 3 },
      { witness: 'w2.example', size: 3 },
    ]);
    await log.append(2);
    await east.integrate();
    const old = await east.proofFor(1);
    for (const { signer } of witnesses) {
      await expect(
        verifyCosignature(parseNote(old.slice(old.indexOf('\n\n') + 2)), signer.verifier),
      ).resolves.toBeDefined();
    }
    // Leaf 4 is not cosigned yet: better an early proof than none.
    expect(await east.proofFor(4)).toContain('\n5\n');
    await cosigning.cosignLatest();
    expect((await east.proofFor(4)).match(/^— /gm)).toHaveLength(3);
  });

  it('starts over with a witness that saw more than we remember, and gives up on one that saw a larger tree', async () => {
    const log = await openTestLog();
    const east = await log.open();
    const { http } = await openTestWitness('w1.example', [log.signer.verifier]);
    await log.append(3);
    await east.integrate();
    await createCosigning(east, [http]).cosignLatest();
    await log.append(3);
    await east.integrate();
    expect(await createCosigning(east, [http]).cosignLatest()).toEqual([{ witness: 'w1.example', size: 6 }]);

    const young = await (await openTestLog()).open({ signer: log.signer });
    const [result] = await createCosigning(young, [http]).cosignLatest();
    expect(result?.error).toMatchObject({ code: 'witness_refused' });
  });

  it.each([
    ['is away', () => Promise.reject(new TypeError('fetch failed')), 'witness_unreachable'],
    ['is broken', () => Promise.resolve(new Response('', { status: 500 })), 'witness_unreachable'],
    ['talks nonsense', () => Promise.resolve(new Response('hello')), 'note_malformed'],
    [
      'signs with another key',
      () => Promise.resolve(new Response(`— w1.example ${'A'.repeat(104)}\n`)),
      'note_unknown_key',
    ],
    [
      'names no size',
      () => Promise.resolve(new Response('many\n', { status: 409, headers: { 'Content-Type': 'text/x.tlog.size' } })),
      'witness_answer_malformed',
    ],
  ])('goes on without a witness that %s', async (_, fetch, code) => {
    const log = await openTestLog();
    const east = await log.open();
    const { signer, http } = await openTestWitness('w1.example', [log.signer.verifier]);
    const broken = createHttpWitness({ prefix: 'https://w1.example', verifier: signer.verifier, fetch });
    const [failed, fine] = await createCosigning(east, [broken, http]).cosignLatest();
    expect(failed?.error).toBeInstanceOf(EvidenceError);
    expect(failed?.error?.code).toBe(code);
    expect(fine?.error).toBeUndefined();
  });
});
