import { createEvidenceLog } from '../../../api/evidence/log.ts';
import { importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import type { JWK } from '../../../api/contract/jose.ts';
import { appendLeaf, createSqliteEvidenceStore, evidenceSchema } from '../../../api/storage/sqlite/evidence.ts';
import { openSqlite } from '../../../api/storage/sqlite/database.ts';
import { ORIGIN, leaf } from './leaves.ts';

/**
 * A process to be killed: appends leaves and integrates without pause, and prints a line for everything that a client
 * would have been told: `leaf <index>` once durable, `note <base64>` for a checkpoint that was shown.
 */
const [path = '', key = ''] = process.argv.slice(2);
const database = openSqlite(path, [evidenceSchema]);
const store = createSqliteEvidenceStore(database);
const signer = await importNoteSigner(ORIGIN, JSON.parse(key) as JWK);
const log = await createEvidenceLog({ store, signer, origin: ORIGIN, clock: () => new Date() });
let next = await store.readLeafCount();

const append = async () => {
  for (;;) {
    const index = await database.write((connection) => appendLeaf(connection, leaf(next++)));
    process.stdout.write(`leaf ${index}\n`);
  }
};
const integrate = async () => {
  for (;;) {
    const { note } = await log.integrate();
    process.stdout.write(`note ${Buffer.from(note).toString('base64')}\n`);
    await new Promise(setImmediate);
  }
};
await Promise.all([append(), append(), integrate()]);
