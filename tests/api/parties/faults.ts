import type { Fetch } from '#api/http/exchange-client.ts';
import type { SqliteDatabase } from '#api/storage/sqlite/database.ts';

/** The two ways in which a write fails: nothing was stored, or it was stored and nobody heard. */
export const WRITE_FAULTS = ['not stored', 'stored but unanswered'] as const;
export type WriteFault = (typeof WRITE_FAULTS)[number];

export class DiskFault extends Error {
  override readonly name = 'DiskFault';
}

/** A database whose next write can be made to fail in either way. */
export function createFaultyDatabase(database: SqliteDatabase) {
  let next: WriteFault | undefined;
  const faulty: SqliteDatabase = {
    connection: database.connection,
    async write(work) {
      const fault = next;
      next = undefined;
      if (fault === 'not stored') throw new DiskFault(fault);
      const answer = await database.write(work);
      if (fault) throw new DiskFault(fault);
      return answer;
    },
    close: () => database.close(),
  };
  return { database: faulty, fail: (fault: WriteFault) => void (next = fault) };
}

export const NETWORK_FAULTS = ['not delivered', 'delivered but unanswered'] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

/** A network whose next matching request, or every one of the next so many, can be lost, or its answer. */
export function createFaultyFetch(fetch: Fetch) {
  let next: { readonly fault: NetworkFault; readonly path: RegExp; times: number } | undefined;
  const calls: string[] = [];
  const faulty: Fetch = async (url, init) => {
    calls.push(url);
    const fault = next?.path.test(url) ? next.fault : undefined;
    if (fault && next && (next.times -= 1) <= 0) next = undefined;
    if (fault === 'not delivered') throw new TypeError('connection refused');
    const response = await fetch(url, init);
    if (fault) throw new TypeError('connection reset');
    return response;
  };
  return {
    fetch: faulty,
    fail: (fault: NetworkFault, path: RegExp, times = 1) => void (next = { fault, path, times }),
    /** Requests so far, lost ones too. */
    count: (path: RegExp) => calls.filter((url) => path.test(url)).length,
  };
}
