import { expect, it, onTestFinished } from 'vitest';
import { signCheckpoint } from '#api/contract/evidence/checkpoint.ts';
import { createNoteSigningJwk, importNoteSigner } from '#api/contract/evidence/note-signer.ts';
import { encodeNote } from '#api/contract/evidence/signed-note.ts';
import { encodeVerifierKey } from '#api/contract/evidence/verifier-key.ts';
import { createCheckpointWatch } from '#api/presence/checkpoint-watch.ts';
import { checkpointsSchema, createSqliteCheckpointStore } from '#api/storage/sqlite/checkpoints.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';

const signer = await importNoteSigner('east', await createNoteSigningJwk());
const stranger = await importNoteSigner('east', await createNoteSigningJwk());

const note = async (size: number, by = signer) =>
  encodeNote(await signCheckpoint({ origin: 'east', size, root: new Uint8Array(32) }, by));

function createWatch() {
  const database = openSqlite(':memory:', [checkpointsSchema]);
  onTestFinished(() => database.close());
  const exchange = { answer: (): Promise<Response> => Promise.reject(new TypeError('nobody listens')) };
  let timesBack = 0;
  const watch = createCheckpointWatch({
    url: 'http://127.0.0.1:9/evidence/checkpoint',
    logKeys: [encodeVerifierKey(signer.verifier)],
    fetch: () => exchange.answer(),
    store: createSqliteCheckpointStore(database),
    random: () => 0,
    onReachable: () => timesBack++,
  });
  const says = async (text: string, status = 200) => {
    exchange.answer = () => Promise.resolve(new Response(text, { status }));
    await watch.look();
  };
  const isSilent = async () => {
    exchange.answer = () => Promise.reject(new TypeError('nobody listens'));
    await watch.look();
  };
  return { watch, says, isSilent, timesBack: () => timesBack };
}

it('keeps the newest checkpoint and notices when the exchange goes and comes back', async () => {
  const { watch, says, isSilent, timesBack } = createWatch();
  expect([watch.isReachable(), await watch.newest()]).toEqual([false, null]);
  await says(await note(5));
  expect([watch.isReachable(), await watch.newest(), timesBack()]).toEqual([true, await note(5), 1]);
  await isSilent();
  expect([watch.isReachable(), await watch.newest()]).toEqual([false, await note(5)]);
  await says(await note(6));
  expect([watch.isReachable(), await watch.newest(), timesBack()]).toEqual([true, await note(6), 2]);
});

it('never goes back to a smaller tree', async () => {
  const { watch, says } = createWatch();
  await says(await note(5));
  await says(await note(4));
  expect(await watch.newest()).toBe(await note(5));
});

it('takes no word but that of the pinned log', async () => {
  const { watch, says } = createWatch();
  for (const answer of [await note(5, stranger), 'not a checkpoint', '<html>']) {
    await says(answer);
    expect([watch.isReachable(), await watch.newest()]).toEqual([false, null]);
  }
  await says(await note(5), 500);
  expect(watch.isReachable()).toBe(false);
});

it('looks by itself until it is stopped', async () => {
  const { watch, says } = createWatch();
  await says(await note(7));
  const stop = watch.start();
  await stop();
  expect(await watch.newest()).toBe(await note(7));
});
