import type { BadLine } from './bad-line.ts';
import type { Party } from './party.ts';
import { between, pick } from './seeded-random.ts';
import type { SmallDisk } from './small-disk.ts';

/** A database server that can be made to fall over. */
export interface Fallible {
  /** Kills a process of it with -9, which ends all of its work. */
  crash(): Promise<void>;
}

export interface Stage {
  readonly parties: readonly Party[];
  readonly lines: readonly BadLine[];
  readonly disks: readonly SmallDisk[];
  readonly database: Fallible | undefined;
  readonly random: () => number;
  /** How long a process takes to be there again: on a slow machine trouble comes more slowly too. */
  readonly startMs: number;
}

/** What happened, and how often. */
export type TroubleCounts = Readonly<
  Record<'kills' | 'cuts' | 'full disks' | 'clock jumps' | 'database crashes', number>
>;

const HOUR_MS = 3_600_000;

/** Makes trouble, one after the other at random intervals, until the signal is aborted; then everything is mended. */
export async function makeTrouble(stage: Stage, signal: AbortSignal): Promise<TroubleCounts> {
  const { parties, lines, disks, database, random, startMs } = stage;
  const pace = Math.max(1, startMs / 3000);
  const counts = { kills: 0, cuts: 0, 'full disks': 0, 'clock jumps': 0, 'database crashes': 0 };
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  while (!signal.aborted) {
    await pause(between(random, 200, 1800) * pace);
    if (signal.aborted) break;
    const dice = random();
    if (dice < 0.6) {
      // Half of them may be down at once; then there is nobody to kill that does anything.
      const up = parties.filter((party) => party.isUp());
      if (up.length * 2 > parties.length) counts.kills += pick(random, up).kill() ? 1 : 0;
    } else if (dice < 0.75) {
      pick(random, lines).cut(between(random, 200, 2000));
      counts.cuts += 1;
    } else if (dice < 0.87) {
      // Past what a signed request allows, into yesterday or tomorrow, or by a little.
      const jump = pick(random, [-26 * HOUR_MS, -HOUR_MS, -2000, 2000, HOUR_MS / 6]);
      const party = pick(random, parties);
      party.moveClock(jump);
      counts['clock jumps'] += 1;
      setTimeout(() => party.moveClock(0), between(random, 500, 3000));
    } else if (dice < 0.95 && disks.length > 0) {
      const disk = pick(random, disks);
      disk.fill();
      counts['full disks'] += 1;
      await pause(between(random, 500, 2500));
      disk.free();
    } else if (database) {
      await database.crash();
      counts['database crashes'] += 1;
    }
  }
  parties.forEach((party) => party.moveClock(0));
  lines.forEach((line) => line.mend());
  disks.forEach((disk) => disk.free());
  return counts;
}
