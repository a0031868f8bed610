/** A gateway's process: its real post office on its real store, with letters to write and a diary for what arrives. */
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createId } from '#api/contract/ids.ts';
import { openGatewayDirectories } from '#api/directory/gateway-directories.ts';
import { keepDirectoriesFresh } from '#api/directory/keep-fresh.ts';
import { createBells } from '#api/http/bells.ts';
import { createExchangeClient } from '#api/http/exchange-client.ts';
import { createPostOffice } from '#api/relay/post-office/post-office.ts';
import type { EnvelopeHandler } from '#api/relay/post-office/parts.ts';
import { readDecryptionKey, readSigningKey } from '#api/server/key-files.ts';
import { openDiary } from './diary.ts';
import { encodeLetter, parseLetter } from './letter.ts';
import type { GatewayPlan } from './network.ts';
import { createSeededRandom, pick } from './seeded-random.ts';
import { createShiftedClock } from './shifted-clock.ts';

/** A tenth of the letters are for now or never: they expire while there is trouble. */
const [SHORT_LIFE_MS, LONG_LIFE_MS] = [4_000, 3_600_000];
const CONVERSATION_LETTERS = 8;
const PACE = { baseMs: 50, capMs: 1000 };

const [planPath = ''] = process.argv.slice(2);
const plan = JSON.parse(await readFile(planPath, 'utf8')) as GatewayPlan;
const report = (failure: unknown) => process.stderr.write(`${new Date().toISOString()} ${inspect(failure)}\n`);
const now = createShiftedClock();
const { institution, exchange } = plan;
const diary = await openDiary(plan.database, institution);
const signing = await readSigningKey(plan.keys.signing);
const pinned = {
  id: exchange.id,
  origin: exchange.origin,
  signingKeys: EcPublicJwk.array().parse(exchange.signingKeys),
};
const directories = await openGatewayDirectories({ exchange: pinned, store: diary.stores.directory, fetch, now });
const client = createExchangeClient({
  ...{ origin: exchange.origin, self: institution, exchange: exchange.id, key: signing, fetch, now },
});
const office = createPostOffice({
  ...{ institution, client, now, bells: createBells(diary.stores.signals), store: diary.stores.postOffice },
  ...{ signingKey: signing, decryptionKeys: [await readDecryptionKey(plan.keys.encryption)] },
  directory: () => directories.book.view,
});

const end = new AbortController();
const options = { signal: end.signal, random: Math.random, pace: PACE, report };
const receive: EnvelopeHandler = (envelope, jws) => diary.receive(envelope, jws, now());
const handlers = {
  ...{ 'share-request': receive, release: receive, refusal: receive, 'delivery-receipt': receive, dispensing: receive },
};
void keepDirectoriesFresh(directories, { ...options, everyMs: 10_000, report: () => {} });
void office.run(handlers, { ...options, waitSeconds: 5, onRefusal: (id, problem) => report([id, problem.code]) });
process.on('disconnect', () => process.exit(0));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Letters on their way to the disk at once: they share its commits. */
const WRITTEN_AT_ONCE = 16;

/** Writes what is left to write; what was written before a kill is in the diary. */
async function writeLetters(): Promise<void> {
  for (;;) {
    try {
      const written = new Set((await diary.listSent()).map(({ letter }) => parseLetter(letter).place));
      const left = Array.from({ length: plan.letters }, (_, number) => number).filter((number) => !written.has(number));
      if (left.length === 0) return;
      // Each conversation by one writer, so that its letters are stored in their order.
      const conversations = Map.groupBy(left, (number) => Math.floor(number / CONVERSATION_LETTERS)).values();
      // All of them have ended before anybody counts again: a letter has one writer.
      const writers = await Promise.allSettled(Array.from({ length: WRITTEN_AT_ONCE }, () => writeFrom(conversations)));
      const failed = writers.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    } catch (error) {
      // The directory is not there yet, or the disk is full.
      report(error);
      await pause(100);
    }
  }
}

async function writeFrom(conversations: Iterator<readonly number[]> & Iterable<readonly number[]>): Promise<void> {
  for (let next = conversations.next(); !next.done; next = conversations.next()) {
    for (const number of next.value) await writeOne(number);
  }
}

/** Recipient, conversation and life follow from the number, so that a letter is the same after a restart. */
async function writeOne(number: number): Promise<void> {
  const conversationNumber = Math.floor(number / CONVERSATION_LETTERS);
  const random = createSeededRandom(plan.seed * 1_000_003 + conversationNumber);
  const to = pick(random, plan.recipients);
  const life = number % 10 === 9 ? SHORT_LIFE_MS : LONG_LIFE_MS;
  const name = `${plan.name} ${number}`;
  const conversation = conversationId(conversationNumber);
  const letter = { name, conversation, place: number };
  const expires = new Date(now().getTime() + life);
  const outgoing = await office.prepare({ to, kind: 'release', jws: encodeLetter(letter), conversation, expires });
  await diary.write(outgoing, encodeLetter(letter));
  office.wake();
}

/** One id for a conversation in this process; after a kill the rest of it goes on under another. */
const ids = new Map<number, string>();
function conversationId(number: number): string {
  const id = ids.get(number) ?? createId();
  ids.set(number, id);
  return id;
}

process.send?.('listening');
void writeLetters();
for (;;) {
  await pause(500);
  try {
    const [written, unfinished] = [await diary.countWritten(), await diary.countUnfinished()];
    process.send?.({ written, unfinished, received: await diary.countReceived() });
  } catch (error) {
    report(error);
  }
}
