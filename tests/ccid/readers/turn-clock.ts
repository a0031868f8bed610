import type { Clock } from '../../../ccid/index.ts';

/** Milliseconds that one turn of the event loop stands for. */
const TURN_MS = 10;

/**
 * Counts turns of the event loop instead of milliseconds. A simulated device answers within a turn, so nothing times
 * out because the machine is busy, and nothing waits longer than it must.
 */
export const turnClock: Clock = {
  after(delayMs, callback) {
    let turnsLeft = Math.ceil(delayMs / TURN_MS);
    let timer = setTimeout(turn, 0);
    function turn(): void {
      if (--turnsLeft <= 0) callback();
      else timer = setTimeout(turn, 0);
    }
    return () => clearTimeout(timer);
  },
};
