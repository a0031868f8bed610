import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { openPostgres, type PostgresDatabase } from '#api/storage/postgres/database.ts';
import type { PostgresSchema } from '#api/storage/postgres/schema.ts';
import type { WriteFault } from '../parties/faults.ts';
import { DiskFault } from '../parties/faults.ts';
import { startCluster, type Cluster } from './postgres-cluster.ts';

/** One cluster for a file of tests; each database is a namespace of its own in it. */
export function useCluster(bin: string | undefined) {
  let cluster: Cluster | undefined;
  let count = 0;
  beforeAll(async () => {
    cluster = await startCluster(bin ?? '');
  }, 60_000);
  afterAll(() => cluster?.stop());

  const open = async (
    schemas: readonly PostgresSchema[],
    namespace = `test ${(count += 1)}`,
  ): Promise<PostgresDatabase> => {
    const place = { url: cluster?.url ?? '', namespace, connections: 5 };
    const database = await openPostgres(place, schemas, Math.random);
    onTestFinished(() => database.close());
    return database;
  };
  return {
    open,
    url: () => cluster?.url ?? '',
    freshName: () => `test ${(count += 1)}`,
    /** The same database again, as another process or a restart has it. */
    async openTwice(schemas: readonly PostgresSchema[]) {
      const namespace = `test ${(count += 1)}`;
      return [await open(schemas, namespace), await open(schemas, namespace)] as const;
    },
  };
}

/** A database whose next write can be made to fail in either way. */
export function makeFaulty(database: PostgresDatabase) {
  let next: WriteFault | undefined;
  const spoil =
    (write: PostgresDatabase['write']): PostgresDatabase['write'] =>
    async (work) => {
      const fault = next;
      next = undefined;
      if (fault === 'not stored') throw new DiskFault(fault);
      const answer = await write(work);
      if (fault) throw new DiskFault(fault);
      return answer;
    };
  const faulty: PostgresDatabase = {
    ...database,
    write: spoil((work) => database.write(work)),
    writeTogether: spoil((work) => database.writeTogether(work)),
  };
  return { database: faulty, fail: (fault: WriteFault) => void (next = fault) };
}
