import { describe, expect, it, onTestFinished } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { createBells } from '#api/http/bells.ts';
import { createClaims, claimsSchema } from '#api/storage/postgres/claims.ts';
import { openPostgres } from '#api/storage/postgres/database.ts';
import { createPostgresEvidenceStore, evidenceSchema } from '#api/storage/postgres/evidence.ts';
import { presenceSchema } from '#api/storage/postgres/presence.ts';
import { createPostgresRequestMemory, requestMemorySchema } from '#api/storage/postgres/request-memory.ts';
import { sql } from '#api/storage/postgres/statement.ts';
import type { OutgoingEnvelope } from '#api/storage/post-office.ts';
import { createPostgresVisitStore, visitsSchema } from '#api/storage/postgres/visits.ts';
import { NOW } from '../parties/parties.ts';
import { until } from '../relay/network-fixture.ts';
import { createTwinOffices, twinSchemas } from '../relay/twin-offices.ts';
import { findPostgres, POSTGRES_MISSING } from './postgres-cluster.ts';
import { useCluster } from './postgres-database.ts';
import { newVisit, sealAs } from './visit-store-contract.ts';

const bin = findPostgres();

describe.skipIf(!bin)(`several processes on one PostgreSQL${bin ? '' : `, ${POSTGRES_MISSING}`}`, () => {
  const cluster = useCluster(bin);
  const visitSchemas = [evidenceSchema, presenceSchema, visitsSchema];

  it('keep all chains of visits unbroken, and the leaves without gaps', async () => {
    const databases = await cluster.openTwice(visitSchemas);
    const stores = databases.map(createPostgresVisitStore);
    const visits = Array.from({ length: 40 }, (_, n) => newVisit({ subject: `S${n % 3}` }));
    await Promise.all(visits.map((visit, n) => stores[n % 2]!.accept(visit, sealAs(`v${n}`))));
    const [store] = stores;
    const all = (await Promise.all([0, 1, 2].map((n) => store!.listBySubject(`S${n}`)))).flatMap((chain) => {
      const heads = chain.map(({ record }) => `h(${record.split(' ')[0]})`);
      const previous = chain.map(({ record }) => record.split(' after ')[1]);
      expect(previous).toEqual(['null', ...heads.slice(0, -1)]);
      return chain;
    });
    const numbers = all.map(({ leaf }) => leaf).toSorted((one, other) => one - other);
    expect(numbers).toEqual(visits.map((_, n) => n));
    const sequences = all.map(({ record }) => Number(/#(\d+)/.exec(record)?.[1])).toSorted((one, other) => one - other);
    expect(sequences).toEqual(visits.map((_, n) => n + 1));
    expect(await createPostgresEvidenceStore(databases[1]).readLeafCount()).toBe(40);
  });

  it('give one submission that both get the same record', async () => {
    const stores = (await cluster.openTwice(visitSchemas)).map(createPostgresVisitStore);
    const visit = newVisit();
    const [one, other] = await Promise.all(stores.map((store, n) => store.accept(visit, sealAs(`v${n}`))));
    expect(other).toEqual(one);
    expect(await stores[0]!.count()).toBe(1);
  });

  it('ring each other’s bells', async () => {
    const [one, other] = await cluster.openTwice([claimsSchema]);
    const bells = createBells(one.signals);
    const far = createBells(other.signals);
    // The first listener may still be connecting: a bell that rings while it does wakes nobody, so it is rung again.
    const again = setInterval(() => far.ring('mailbox'), 20);
    const rung = await bells.wait('mailbox', 20_000, new AbortController().signal);
    clearInterval(again);
    expect(rung).toBe(true);
  });

  it('let one of them work on a queue', async () => {
    const claims = (await cluster.openTwice([claimsSchema])).map(createClaims);
    const held = await Promise.all(claims.map((claim) => claim.hold('outgoing west')));
    expect(held.filter(Boolean)).toHaveLength(1);
    expect(await claims[held.indexOf(true)]!.hold('outgoing west')).toBe(true);
    expect(await claims[held.indexOf(false)]!.hold('owed west')).toBe(true);
  });

  const offices = async () => {
    const twins = await createTwinOffices(await cluster.openTwice(twinSchemas));
    onTestFinished(async () => {
      twins.close();
      await Promise.all(twins.processes.map((process) => process.stop()));
    });
    return twins;
  };

  it('send each envelope of their institution once, and take over from one that ended', async () => {
    const { processes, enqueue, timesSent } = await offices();
    const [one, other] = processes;
    const isOut = async (id: string) => (await other!.store.read(id))?.state === 'accepted';
    const sent: OutgoingEnvelope[] = [];
    for (let n = 0; n < 12; n += 1) sent.push(await enqueue());
    for (const process of processes) process.start();
    for (let n = 0; n < 12; n += 1) {
      sent.push(await enqueue());
      processes[n % 2]!.office.wake();
    }
    for (const { id } of sent) await until(() => isOut(id));
    await one!.stop();
    // As if its time had passed.
    await other!.database.run(sql("UPDATE queue_claim SET until = 'epoch'"));
    sent.push(await enqueue());
    other!.office.wake();
    await until(() => isOut(sent.at(-1)!.id));
    expect(sent.map(timesSent)).toEqual(sent.map(() => 1));
  });

  it('handle each envelope to their institution once, though all have it in hand', async () => {
    const { processes, bring, diary } = await offices();
    const brought = [];
    for (let n = 0; n < 6; n += 1) brought.push(await bring());
    for (const process of processes) process.start();
    await until(async () => (await diary()).length >= brought.length);
    await Promise.all(processes.map((process) => process.stop()));
    expect((await diary()).toSorted()).toEqual(brought.toSorted());
  });

  it('answer a signed request once', async () => {
    const memories = (await cluster.openTwice([requestMemorySchema])).map(createPostgresRequestMemory);
    const id = createId();
    const answered = await Promise.all(memories.map(async (memory) => memory.remember(id, NOW)));
    expect(answered.toSorted()).toEqual([false, true]);
  });

  it('migrate once when they start together, and refuse what a newer release wrote', async () => {
    const schema = {
      name: 'notes',
      tables: { note: { by: 'text' } },
      migrations: ['CREATE TABLE note (text TEXT PRIMARY KEY)'],
    };
    const newer = { ...schema, migrations: [...schema.migrations, 'ALTER TABLE note ADD COLUMN at BIGINT'] };
    const name = cluster.freshName();
    const opened = await Promise.all([cluster.open([schema], name), cluster.open([newer], name)].map(settle));
    expect(opened.some((database) => database !== undefined)).toBe(true);
    const again = await cluster.open([newer], name);
    expect(await again.all(sql('SELECT text, at FROM note'))).toEqual([]);
    const place = { url: cluster.url(), namespace: name };
    await expect(openPostgres(place, [schema], Math.random)).rejects.toThrow(RangeError);
  });

  it('repeat transactions that were in each other’s way', async () => {
    const schema = {
      name: 'pair',
      tables: { pair: { by: 'id' } },
      migrations: [
        "CREATE TABLE pair (id TEXT PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO pair VALUES ('a', 0), ('b', 0)",
      ],
    };
    const [one, other] = await cluster.openTwice([schema]);
    const add = sql('UPDATE pair SET n = n + 1 WHERE id = $1');
    const inOrder = (database: typeof one, ids: readonly string[]) =>
      database.write(async (tx) => {
        for (const id of ids) await tx.run(add, id);
      });
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => inOrder(n % 2 ? one : other, n % 2 ? ['a', 'b'] : ['b', 'a'])),
    );
    expect(await one.all(sql('SELECT id, n FROM pair ORDER BY id'))).toEqual([
      { id: 'a', n: 6 },
      { id: 'b', n: 6 },
    ]);
  });
});

/** The older of two releases that start together may find that the newer one was first. */
const settle = <T>(opening: Promise<T>): Promise<T | undefined> =>
  opening.catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  });
