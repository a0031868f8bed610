import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNoteSigningJwk, importNoteSigner } from '../../api/contract/evidence/note-signer.ts';
import { createEvidenceLog } from '../../api/evidence/log.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '../../api/storage/sqlite/evidence.ts';
import { openSqlite } from '../../api/storage/sqlite/database.ts';
import { createVisitWriter, visitSchema } from './visits.ts';

/** A log and its visits in a database file of their own, under the system's folder for temporary files. */
export async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-evidence-'));
  const database = openSqlite(join(folder, 'evidence.sqlite'), [evidenceSchema, visitSchema]);
  const origin = 'bench.example/evidence';
  const signer = await importNoteSigner(origin, await createNoteSigningJwk());
  const store = createSqliteEvidenceStore(database);
  const log = await createEvidenceLog({ store, signer, origin, clock: () => new Date() });
  return {
    database,
    log,
    visits: createVisitWriter(database),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
