import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSigningJwk } from '../../api/contract/jose.ts';
import { BATCH_LIMIT, EnvelopeBatchAnswer, Mailbox } from '../../api/contract/relay-api.ts';
import { createExchangeClient } from '../../api/http/exchange-client.ts';
import { readRouting } from '../../api/relay/routing.ts';
import { openSqlite } from '../../api/storage/sqlite/database.ts';
import { openMessage, sealMessage, type Mail } from './crypto.ts';
import { carryLargeBody } from './large.ts';
import { createPartyJwks, importParty, type Party } from './parties.ts';
import type { ServerAnswer, ServerOrder } from './server.ts';

/** What one stretch showed. */
export interface Stretch {
  readonly messages: number;
  readonly seconds: number;
  /** Processor time of both processes, microseconds. */
  readonly cpu: number;
  /** Signed to opened, milliseconds; of the relay only. */
  readonly latencies: readonly number[];
}

/** Batches under way at once: senders, and recipients, of one exchange. */
const LINES = 4;

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** An exchange in a process of its own, and this process as everybody else. */
export async function openBench() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-exchange-'));
  const jwks = await Promise.all(
    Array.from({ length: 2 * LINES }, (_, at) => createPartyJwks(`n${at + 10}/1310000012`)),
  );
  const members = await Promise.all(jwks.map(importParty));
  const lines = Array.from({ length: LINES }, (_, at) => ({ from: members[at]!, to: members[at + LINES]! }));
  const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [], {
    execArgv: ['--conditions=webusb-ccid:source'],
    serialization: 'advanced',
  });
  const ask = (order: ServerOrder): Promise<ServerAnswer> =>
    new Promise((resolve) => {
      server.once('message', (answer) => resolve(answer as ServerAnswer));
      server.send(order);
    });
  const { port } = await ask({ kind: 'open', key: await createSigningJwk(), members: jwks, folder });
  const clientOf = ({ id, signing }: Party) =>
    createExchangeClient({
      ...{ origin: `http://127.0.0.1:${port}`, self: id, exchange: 'east', key: signing, fetch },
      now: () => new Date(),
      timeoutMs: 60_000,
    });

  async function measure(run: () => Promise<readonly number[]>, messages: number): Promise<Stretch> {
    const before = await ask({ kind: 'usage' });
    const own = process.cpuUsage();
    const start = performance.now();
    const latencies = await run();
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(own);
    const after = await ask({ kind: 'usage' });
    return { messages, seconds, cpu: user + system + after.cpu - before.cpu, latencies };
  }

  /** Sealed, sent, stored, fetched, opened, acknowledged. */
  async function relay(messages: number): Promise<readonly number[]> {
    const each = Math.ceil(messages / LINES);
    const latencies: number[] = [];
    const send = async ({ from, to }: (typeof lines)[number]) => {
      const client = clientOf(from);
      const post = async (batch: readonly Mail[]) => {
        const envelopes = batch.map(({ envelope, body }) => ({ envelope, body }));
        const { answers } = await client.post('/api/envelopes/batch', { envelopes }, EnvelopeBatchAnswer);
        if (!answers.every((one) => 'id' in one && one.state === 'accepted')) throw new TypeError('not accepted');
      };
      let posting = Promise.resolve();
      for (let at = 0; at < each; at += BATCH_LIMIT) {
        const size = Math.min(BATCH_LIMIT, each - at);
        const batch = await Promise.all(Array.from({ length: size }, () => sealMessage(from, to)));
        // One batch is sealed while the one before is on its way.
        await posting;
        posting = post(batch);
      }
      await posting;
    };
    const receive = async ({ from, to }: (typeof lines)[number]) => {
      const client = clientOf(to);
      for (let taken = 0; taken < each;) {
        const { envelopes } = await client.get('/api/mailbox?wait=20', Mailbox);
        const outcomes = await Promise.all(
          envelopes.map(async ({ envelope, body }) => {
            const at = await openMessage({ envelope, body: body ?? '' }, from, to);
            latencies.push(performance.timeOrigin + performance.now() - at);
            return { kind: 'acknowledged', id: readRouting(envelope).id };
          }),
        );
        if (outcomes.length === 0) continue;
        await client.post('/api/mailbox/outcomes', { outcomes }, EnvelopeBatchAnswer);
        taken += outcomes.length;
      }
    };
    await Promise.all([...lines.map(send), ...lines.map(receive)]);
    return latencies;
  }

  /** The same signatures, encryptions, verifications and decryptions, in the same two processes, and nothing else. */
  async function crypto(messages: number): Promise<readonly number[]> {
    const { from, to } = lines[0]!;
    const sample = await Promise.all(Array.from({ length: BATCH_LIMIT }, () => sealMessage(from, to)));
    let next = 0;
    const work = async () => {
      for (let at = next++; at < messages; at = next++) await openMessage(await sealMessage(from, to), from, to);
    };
    await Promise.all([
      ask({ kind: 'crypto', mails: sample, times: messages }),
      ...Array.from({ length: BATCH_LIMIT }, work),
    ]);
    return [];
  }

  /** The same bytes through a table: stored, read, removed, each durable before it counts. */
  async function queue(messages: number): Promise<readonly number[]> {
    const { from, to } = lines[0]!;
    const { envelope, body } = await sealMessage(from, to);
    const database = openSqlite(join(folder, `queue-${performance.now()}.sqlite`), [
      { name: 'queue', migrations: ['CREATE TABLE queue (id INTEGER PRIMARY KEY, envelope TEXT, body TEXT) STRICT'] },
    ]);
    const insert = database.connection.prepare('INSERT INTO queue (envelope, body) VALUES (?, ?)');
    const read = database.connection.prepare<[number | bigint]>('SELECT * FROM queue WHERE id = ?');
    const remove = database.connection.prepare('DELETE FROM queue WHERE id = ?');
    let next = 0;
    const work = async () => {
      for (let at = next++; at < messages; at = next++) {
        const id = await database.write(() => insert.run(envelope, body).lastInsertRowid);
        read.get(id);
        await database.write(() => remove.run(id));
      }
    };
    await Promise.all(Array.from({ length: LINES * BATCH_LIMIT }, work));
    await database.close();
    return [];
  }

  return {
    relay: (messages: number) => measure(() => relay(messages), messages),
    crypto: (messages: number) => measure(() => crypto(messages), messages),
    queue: (messages: number) => measure(() => queue(messages), messages),
    /** One body of 64 MiB through the exchange. */
    large() {
      const { from, to } = lines[0]!;
      return carryLargeBody({ party: from, client: clientOf(from) }, { party: to, client: clientOf(to) });
    },
    peakBytes: async () => (await ask({ kind: 'usage' })).peakBytes,
    async close() {
      server.send({ kind: 'close' } satisfies ServerOrder);
      await new Promise((resolve) => server.once('exit', resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
