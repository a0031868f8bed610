import { PRIORITIES, type Priority } from '../contract/envelope.ts';

/** How much is wanted at once. */
export interface Limits {
  readonly count: number;
  readonly bytes: number;
}

/** Of ten places, how many are kept for a lane that has something waiting. The rest goes to the most urgent. */
const PLACES_OF_TEN: Readonly<Record<Priority, number>> = { urgent: 5, normal: 3, bulk: 2 };

/** The lane of a priority, 0 first. */
export const laneOf = (priority: Priority): number => PRIORITIES.indexOf(priority);

/**
 * Chooses from lanes, each in the order of arrival: the most urgent first, but no lane with something in it goes without
 * its share. At least one item, then as many as both limits allow. The answer is in the order of the lanes.
 *
 * @param lanes by lane, as `PRIORITIES`; each needs at most `limits.count` items
 */
export function chooseFairly<T>(lanes: readonly (readonly T[])[], limits: Limits, sizeOf: (item: T) => number): T[] {
  const count = Math.max(1, limits.count);
  const kept = PRIORITIES.map((priority, lane) =>
    Math.min(lanes[lane]?.length ?? 0, Math.max(1, Math.floor((count * PLACES_OF_TEN[priority]) / 10))),
  );
  let free = count - kept.reduce((sum, places) => sum + places, 0);
  const places = kept.map((held, lane) => {
    const more = Math.max(0, Math.min(free, (lanes[lane]?.length ?? 0) - held));
    free -= more;
    return held + more;
  });
  const chosen: T[][] = lanes.map(() => []);
  let [total, bytes] = [0, 0];
  // Round and round, so that the limit of bytes is shared like the places.
  for (let round = 0; total < count && places.some((most) => round < most); round += 1) {
    for (const [lane, items] of lanes.entries()) {
      const item = items[round];
      if (item === undefined || round >= (places[lane] ?? 0) || total >= count) continue;
      const size = sizeOf(item);
      if (total > 0 && bytes + size > limits.bytes) return chosen.flat();
      chosen[lane]?.push(item);
      total += 1;
      bytes += size;
    }
  }
  return chosen.flat();
}
