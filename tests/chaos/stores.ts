import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres, POSTGRES_MISSING, startCluster, type Cluster } from '../api/storage/postgres-cluster.ts';
import type { ChaosOptions } from './options.ts';
import type { Place } from './network.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import type { Fallible } from './troubles.ts';

/** Where everybody keeps things in this run, on disks that can be filled. */
export interface ChaosStores {
  readonly placeOf: (party: string) => Place;
  readonly disks: readonly SmallDisk[];
  readonly database: Fallible | undefined;
  close(): Promise<void>;
}

const [SQLITE_MEGABYTES, POSTGRES_MEGABYTES] = [192, 768];

/** @throws {TypeError} when PostgreSQL is asked for and is not there */
export async function openChaosStores(folder: string, { store, processes }: ChaosOptions): Promise<ChaosStores> {
  return store === 'sqlite' ? openFiles(folder) : openCluster(folder, processes);
}

function openFiles(folder: string): ChaosStores {
  const disks: SmallDisk[] = [];
  const placeOf = (party: string) => {
    const at = join(folder, 'disk', party);
    const disk = mountSmallDisk(at, SQLITE_MEGABYTES);
    if (disk) disks.push(disk);
    return join(at, 'database.sqlite');
  };
  const places = new Map<string, string>();
  return {
    placeOf(party) {
      const place = places.get(party) ?? placeOf(party);
      places.set(party, place);
      return place;
    },
    ...{ disks, database: undefined },
    close: () => Promise.resolve(disks.forEach((disk) => disk.remove())),
  };
}

async function openCluster(folder: string, processes: number): Promise<ChaosStores> {
  const bin = findPostgres();
  if (!bin) throw new TypeError(POSTGRES_MISSING);
  const at = join(folder, 'disk', 'postgres');
  mkdirSync(at, { recursive: true });
  const disk = mountSmallDisk(at, POSTGRES_MEGABYTES);
  const connections = 5;
  const most = (2 * processes + 3) * (connections + 1) + 20;
  const cluster: Cluster = await startCluster(bin, { folder: at, isDurable: true, connections: most });
  return {
    placeOf: (party) => ({ url: cluster.url, schema: `chaos_${party}`, connections }),
    disks: disk ? [disk] : [],
    database: cluster,
    async close() {
      await cluster.stop();
      disk?.remove();
    },
  };
}
