import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { createEvidenceLog, type EvidenceLogParts } from '../../../api/evidence/log.ts';
import { appendLeaf, createSqliteEvidenceStore, evidenceSchema } from '../../../api/storage/sqlite/evidence.ts';
import { openSqlite } from '../../../api/storage/sqlite/database.ts';
import type { EvidenceStore } from '../../../api/storage/evidence.ts';
import { ORIGIN, leaf } from './leaves.ts';

export { ORIGIN, leaf };

/** A log over a database in memory, with a clock the test turns. */
export async function openTestLog(wrap: (store: EvidenceStore) => EvidenceStore = (store) => store) {
  const database = openSqlite(':memory:', [evidenceSchema]);
  const store = createSqliteEvidenceStore(database);
  const signer = await importNoteSigner(ORIGIN, await createNoteSigningJwk());
  const time = { now: new Date('2026-04-01T00:00:00Z') };
  const parts = { store: wrap(store), signer, origin: ORIGIN, clock: () => time.now };
  let appended = 0;
  return {
    database,
    store,
    signer,
    time,
    /** Opens the log again over the same store, as after a restart. */
    open: (other: Partial<EvidenceLogParts> = {}) => createEvidenceLog({ ...parts, ...other }),
    append: (count: number) =>
      database.write((connection) => {
        for (const end = appended + count; appended < end; appended += 1) appendLeaf(connection, leaf(appended));
        return appended;
      }),
  };
}
