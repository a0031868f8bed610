import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { parseSignedCheckpoint, verifyCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { createConsistencyProof, treeRoot } from '../../../api/contract/evidence/merkle-proof.ts';
import { verifyConsistency } from '../../../api/contract/evidence/merkle-verify.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import { createEvidenceLog } from '../../../api/evidence/log.ts';
import { openSqlite } from '../../../api/storage/sqlite/database.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '../../../api/storage/sqlite/evidence.ts';
import { ORIGIN } from './leaves.ts';

const KILLS = 4;
const WRITER = fileURLToPath(new URL('killed-writer.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kill-'));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the writer until it has printed `lines` lines, then kills it without warning; returns the whole lines. */
function runAndKill(path: string, key: string, lines: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, path, key], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve(output.slice(0, output.lastIndexOf('\n')).split('\n')));
  });
}

it('keeps every leaf it acknowledged and one history, killed again and again', async () => {
  const path = join(folder, 'log.sqlite');
  const jwk = await createNoteSigningJwk();
  const signer = await importNoteSigner(ORIGIN, jwk);
  const shown = new Map<number, Uint8Array>();
  let acknowledged = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const line of await runAndKill(path, JSON.stringify(jwk), 150 + 77 * kill)) {
      const [kind, value = ''] = line.split(' ');
      if (kind === 'leaf') acknowledged = Math.max(acknowledged, Number(value) + 1);
      if (kind !== 'note') continue;
      const signed = parseSignedCheckpoint(Buffer.from(value, 'base64').toString());
      await verifyCheckpoint(signed, signer.verifier);
      const { size, root } = signed.checkpoint;
      expect(shown.get(size) ?? root).toEqual(root);
      shown.set(size, root);
    }
  }
  expect(acknowledged).toBeGreaterThan(100);
  expect(shown.size).toBeGreaterThan(KILLS);

  const database = openSqlite(path, [evidenceSchema]);
  const store = createSqliteEvidenceStore(database);
  const log = await createEvidenceLog({ store, signer, origin: ORIGIN, clock: () => new Date() });
  const { size, root } = await log.latestCheckpoint();
  expect(size).toBeGreaterThanOrEqual(acknowledged);
  const hashes = (await store.readLeaves(0, size)).map(hashLeaf);
  expect(hashes).toHaveLength(size);
  const readNode = (level: number, index: number): Uint8Array =>
    level === 0
      ? (hashes[index] ?? expect.fail('a gap'))
      : hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));
  expect(treeRoot(size, readNode)).toEqual(root);
  for (const [oldSize, oldRoot] of shown) {
    const proof = createConsistencyProof(oldSize, size, readNode);
    expect(verifyConsistency({ oldSize, oldRoot, size, root, proof })).toBe(true);
  }
  await database.close();
});
