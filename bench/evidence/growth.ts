import { digest } from '../../api/contract/encoding.ts';
import { appendLeaf } from '../../api/storage/sqlite/evidence.ts';
import type { EvidenceLog } from '../../api/evidence/log.ts';
import { openWorld } from './world.ts';

/** Cost of one leaf in a log of a certain size. Microseconds of processor time. */
export interface GrowthPoint {
  readonly size: number;
  /** Sequencing, durable, in commits of 1,000. */
  readonly sequence: number;
  /** Integration in groups of 1,000: tiles, signature, durable commit. */
  readonly integrate: number;
  /** Inclusion proof of a recent leaf. */
  readonly proof: number;
  /** Inclusion proof of a leaf anywhere in the log. */
  readonly oldProof: number;
  /** A person's whole timeline of 20 visits anywhere in the log: one range read and all proofs. */
  readonly timeline: number;
}

const GROUP = 1_000;
const ROUNDS = 20;
const TIMELINES = 50;

/** Fills one log to each size in turn and measures there; the tree is a true one, every leaf different. */
export async function* measureGrowth(sizes: readonly number[]): AsyncGenerator<GrowthPoint> {
  const world = await openWorld();
  const { database, log } = world;
  let size = 0;
  const append = async (count: number) => {
    const begin = size;
    await database.write((connection) => {
      for (let at = 0; at < count; at += 1) appendLeaf(connection, digest(`leaf ${begin + at}`));
    });
    size += count;
  };
  for (const target of sizes) {
    while (size < target) await append(Math.min(16_384, target - size));
    await log.integrate();
    let sequence = 0;
    let integrate = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      sequence += await time(() => append(GROUP));
      integrate += await time(() => log.integrate());
    }
    const recent = await time(() => prove(log, (n) => size - 1 - n));
    const anywhere = (n: number) => Math.floor((((n * 2654435761) % 2 ** 32) / 2 ** 32) * size);
    const old = await time(() => prove(log, anywhere));
    const timelines = await time(async () => {
      for (let n = 0; n < TIMELINES; n += 1) {
        await log.proofsFor(Array.from({ length: 20 }, (_, at) => anywhere(n * 20 + at)));
      }
    });
    const leaves = GROUP * ROUNDS;
    const perLeaf = { sequence: (sequence / leaves) * 1000, integrate: (integrate / leaves) * 1000 };
    const proofs = { proof: recent * (1000 / GROUP), oldProof: old * (1000 / GROUP) };
    yield { size: target, ...perLeaf, ...proofs, timeline: timelines * (1000 / TIMELINES) };
  }
  await world.close();
}

async function prove(log: EvidenceLog, pick: (n: number) => number): Promise<void> {
  for (let n = 0; n < GROUP; n += 1) await log.proofFor(pick(n));
}

/** Milliseconds of processor time of this thread: what remains true on a machine that others use too. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const begin = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1000;
}
