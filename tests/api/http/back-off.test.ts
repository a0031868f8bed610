import { expect, it } from 'vitest';
import { delayAfter, pause } from '#api/http/back-off.ts';

it('backs off up to a limit, half of it by chance', () => {
  const pace = { baseMs: 100, capMs: 5000 };
  const delays = Array.from({ length: 12 }, (_, i) => [
    delayAfter(i + 1, pace, () => 0),
    delayAfter(i + 1, pace, () => 1),
  ]);
  expect(delays.slice(0, 3)).toEqual([
    [50, 100],
    [100, 200],
    [200, 400],
  ]);
  expect(delays.at(-1)).toEqual([2500, 5000]);
});

it('pauses until the time is over or the end has come', async () => {
  const end = new AbortController();
  await pause(1, end.signal);
  const long = pause(60_000, end.signal);
  end.abort();
  await long;
  await pause(60_000, end.signal);
  expect(end.signal.aborted).toBe(true);
});
