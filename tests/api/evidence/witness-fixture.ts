import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import type { VerifierKey } from '../../../api/contract/evidence/verifier-key.ts';
import { createHttpWitness } from '../../../api/evidence/witness-client.ts';
import { createWitnessRoutes } from '../../../api/evidence/witness-routes.ts';
import { createWitness } from '../../../api/evidence/witness.ts';
import { openSqlite } from '../../../api/storage/sqlite/database.ts';
import { createSqliteWitnessStore, witnessSchema } from '../../../api/storage/sqlite/witness.ts';
import type { WitnessStore } from '../../../api/storage/witness.ts';

/** A witness of the named logs, and the same witness as seen through its HTTP routes. */
export async function openTestWitness(
  name: string,
  logKeys: readonly VerifierKey[],
  wrap: (store: WitnessStore) => WitnessStore = (store) => store,
) {
  const store = createSqliteWitnessStore(openSqlite(':memory:', [witnessSchema]));
  const signer = await importNoteSigner(name, await createNoteSigningJwk(), 'cosignature');
  const clock = () => new Date('2026-04-01T00:00:05Z');
  const witness = createWitness({ store: wrap(store), signer, logKeys: () => logKeys, clock });
  const app = createWitnessRoutes(witness);
  const http = createHttpWitness({
    prefix: `https://${name}`,
    verifier: signer.verifier,
    fetch: async (input, init) => app.request(new Request(input, init)),
  });
  return { store, signer, witness, app, http };
}
