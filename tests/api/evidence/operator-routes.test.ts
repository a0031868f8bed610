import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { runCli, EXIT_CODES } from '../../../api/cli/run.ts';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { commitRecord } from '../../../api/contract/evidence/commitment.ts';
import { isSameBytes } from '../../../api/contract/evidence/canonical-text.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { encodeTrust } from '../../../api/contract/evidence/trust.ts';
import { verifyExportText } from '../../../api/contract/evidence/verify-export.ts';
import { createId } from '../../../api/contract/ids.ts';
import { createSigningJwk, importSigningKey } from '../../../api/contract/jose.ts';
import { EcPublicJwk } from '../../../api/contract/ec-public-jwk.ts';
import { Problem } from '../../../api/contract/problem.ts';
import { recordHash, signVisitRecord } from '../../../api/contract/visit-record.ts';
import { exportRange } from '../../../api/evidence/export-range.ts';
import { createEvidenceLog } from '../../../api/evidence/log.ts';
import { createEvidenceOperatorRoutes } from '../../../api/evidence/operator-routes.ts';
import { createOperatorSessions } from '../../../api/http/operator-session.ts';
import { createRequestMemory } from '../../../api/http/request-memory.ts';
import { openSqlite } from '../../../api/storage/sqlite/database.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '../../../api/storage/sqlite/evidence.ts';
import { presenceSchema } from '../../../api/storage/sqlite/presence.ts';
import { createSqliteVisitStore, visitsSchema } from '../../../api/storage/sqlite/visits.ts';
import { VISIT } from '../contract-evidence/receipt-fixture.ts';
import { ORIGIN } from './leaves.ts';

const SATO = 'A'.repeat(43);
const SUZUKI = 'E'.repeat(43);

/** An exchange's log with visits of two people in turn, and an operator's command line to it. */
async function openExchange(count: number) {
  const database = openSqlite(':memory:', [evidenceSchema, presenceSchema, visitsSchema]);
  const [store, visits] = [createSqliteEvidenceStore(database), createSqliteVisitStore(database)];
  const key = await importSigningKey(await createSigningJwk());
  const signer = await importNoteSigner(ORIGIN, await createNoteSigningJwk());
  const heads = new Map<string, string>();
  const salts: Uint8Array[] = [];
  const accept = async (subject: string, sequence: number) => {
    const record = await signVisitRecord(
      { ...VISIT, id: createId(), subject, previous: heads.get(subject) ?? null, sequence },
      key,
    );
    heads.set(subject, recordHash(record));
    const id = createId();
    const place = { institution: VISIT.institution, subject, submissionId: createId(), submissionHash: id };
    return visits.accept({ id, ...place, use: { id, challenge: null, usedAt: new Date() } }, (taken) => {
      expect(taken.sequence).toBe(sequence);
      const salt = crypto.getRandomValues(new Uint8Array(32));
      salts.push(salt);
      return { record, recordHash: recordHash(record), salt, commitment: commitRecord(record, salt) };
    });
  };
  const stored = [];
  for (let n = 1; n <= count; n += 1) stored.push(await accept(n % 2 === 1 ? SATO : SUZUKI, n));
  const log = await createEvidenceLog({ store, signer, origin: ORIGIN, clock: () => new Date() });
  const trust = { logKeys: [log.verifierKey], exchangeKeys: { [key.kid]: key.publicJwk } };

  const operatorJwk = await createSigningJwk();
  const operator = { name: 'aya', key: EcPublicJwk.parse((await importSigningKey(operatorJwk)).publicJwk) };
  const origin = 'https://east.example';
  const memory = createRequestMemory();
  const sessions = createOperatorSessions({
    ...{ self: 'east', origin, operators: [operator], key, memory, now: () => new Date() },
  });
  const app = new Hono()
    .onError((error, context) =>
      error instanceof Problem ? context.json(error.toDocument(), 403) : context.text('failed', 500),
    )
    .get('/api/status', (context) =>
      context.json({ role: 'exchange', exchange: 'east', time: new Date().toISOString(), checkpoint: null }),
    )
    .route(
      '/',
      createEvidenceOperatorRoutes({
        guard: sessions.guard,
        exportRange: (begin, end) =>
          exportRange(
            {
              ...{ log, store, readOpenings: (from, to) => visits.readOpenings(from, to) },
              listAccessLeaves: () => Promise.resolve([]),
            },
            begin,
            end,
          ),
        forget: (subject) => visits.forget(subject),
      }),
    );
  const files = new Map([
    ['operator.jwk', encodeUtf8(JSON.stringify(operatorJwk))],
    ['stranger.jwk', encodeUtf8(JSON.stringify(await createSigningJwk()))],
    ['tsunagi-trust.json', encodeUtf8(encodeTrust(trust))],
  ]);
  const run = async (args: string) => {
    const lines: string[] = [];
    const code = await runCli(args.split(' '), {
      readFile: (file) => (files.has(file) ? Promise.resolve(files.get(file)!) : Promise.reject(new TypeError(file))),
      writeFile: (file, bytes) => Promise.resolve(void files.set(file, new Uint8Array(bytes))),
      fetch: (input, init) => Promise.resolve(app.request(input instanceof Request ? input.url : input, init)),
      write: (line) => lines.push(line),
      locale: 'en',
    });
    return { code, lines };
  };
  return { store, visits, log, trust, stored, salts, accept, run, files };
}

const AS_AYA = '--operator aya --key operator.jwk';

it('exports a range for an auditor, who needs that file and pinned keys', async () => {
  const { run } = await openExchange(6);
  expect((await run(`export https://east.example 1 5 audit.json ${AS_AYA}`)).code).toBe(EXIT_CODES.holds);
  const { code, lines } = await run('verify audit.json');
  expect([code, lines.at(1), lines.at(-1)]).toEqual([
    EXIT_CODES.holds,
    '4 leaves, 0 of them entries of access logs, 0 forgotten',
    'This export is genuine.',
  ]);
});

it('does nothing for strangers, nor outside the log', async () => {
  const { run, visits, files } = await openExchange(2);
  const asStranger = '--operator aya --key stranger.jwk';
  expect((await run(`export https://east.example 0 2 audit.json ${asStranger}`)).code).toBe(EXIT_CODES.fails);
  expect((await run(`forget https://east.example ${SATO} ${asStranger}`)).code).toBe(EXIT_CODES.fails);
  expect((await run(`export https://east.example 0 9 audit.json ${AS_AYA}`)).code).toBe(EXIT_CODES.fails);
  expect((await run(`export https://east.example 2 2 audit.json ${AS_AYA}`)).code).toBe(EXIT_CODES.usage);
  expect((await run(`forget https://east.example ${SATO} --operator aya`)).code).toBe(EXIT_CODES.usage);
  expect((await run(`forget https://east.example ${SATO} --operator aya --key none.jwk`)).code).toBe(EXIT_CODES.usage);
  expect([files.has('audit.json'), await visits.count()]).toEqual([false, 2]);
});

it('forgets a person: the tree stands, the leaves say nothing, no number is given twice', async () => {
  const { run, visits, store, log, trust, stored, salts, accept, files } = await openExchange(7);
  const before = await log.latestCheckpoint();
  const leaves = await store.readLeaves(0, 7);
  const forgotten = await run(`forget https://east.example ${SATO} ${AS_AYA}`);
  expect(forgotten).toMatchObject({ code: EXIT_CODES.holds, lines: ['4 records and their salts are gone.'] });
  expect((await run(`forget https://east.example ${SATO} ${AS_AYA}`)).code).toBe(EXIT_CODES.holds);
  expect([await visits.listBySubject(SATO), (await visits.listBySubject(SUZUKI)).length]).toEqual([[], 3]);

  // The same tree, leaf for leaf; it grows on, and the number after the forgotten ones is the next.
  expect([await store.readLeaves(0, 7), (await log.latestCheckpoint()).root]).toEqual([leaves, before.root]);
  expect((await accept(SUZUKI, 8)).leaf).toBe(7);
  await log.integrate();
  await run(`export https://east.example 0 8 audit.json ${AS_AYA}`);
  const verdict = await verifyExportText(new TextDecoder().decode(files.get('audit.json')), trust);
  expect([verdict.ok, verdict.leaves, verdict.forgotten]).toEqual([true, 8, 4]);

  // Who kept the records and knows every salt that is left, and guesses the usual ones, links none of them to a leaf.
  const left = (await visits.listBySubject(SUZUKI)).map(({ salt }) => salt);
  expect(left).toHaveLength(salts.length - 4);
  const guesses = [...left, ...leaves, new Uint8Array(32), new Uint8Array(32).fill(255)];
  const gone = stored.filter(({ subject }) => subject === SATO);
  const links = gone.flatMap(({ record }) =>
    guesses.filter((salt) => leaves.some((leaf) => isSameBytes(leaf, commitRecord(record, salt)))),
  );
  expect([gone.length, links]).toEqual([4, []]);
});
