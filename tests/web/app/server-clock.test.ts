import { beforeEach, describe, expect, it } from 'vitest';
import { HeardTime } from '#lib/app/heard-time.ts';
import { createKept } from '#lib/app/kept.ts';
import { ServerClock } from '#lib/app/server-clock.svelte.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TIME = '2026-11-22T03:00:00.000Z';
const START = Date.parse(TIME);

let server: number;
/** How far the device is ahead. */
let wrong: number;
beforeEach(() => {
  server = START;
  wrong = 0;
});

/** A window of a device, beside those before it. */
const open = (store = createMemoryStore()) => {
  const kept = createKept(store, 'clock', HeardTime);
  return { store, clock: new ServerClock({ deviceNow: () => new Date(server + wrong), kept }) };
};
const hear = (clock: ServerClock) => clock.hear(new Date(server).toISOString());

describe('the server’s time', () => {
  it('is the device’s while nothing else is known, and while they agree', () => {
    const { clock } = open();
    wrong = 20_000;
    expect(clock.now().getTime()).toBe(server + wrong);
    hear(clock);
    expect(clock.now().getTime()).toBe(server + wrong);
  });

  it.each([DAY, -DAY])('is known on a device that is %d ms off, also later and without a network', (off) => {
    wrong = off;
    const { store, clock } = open();
    hear(clock);
    expect([clock.offsetMs, clock.now()]).toEqual([off, new Date(server)]);
    server += 2 * DAY;
    const later = open(store).clock;
    expect([later.offsetMs, later.now()]).toEqual([off, new Date(server)]);
  });

  it('does not run backwards with a clock that lost its battery', () => {
    const { store, clock } = open();
    hear(clock);
    server += DAY;
    wrong = -400 * DAY;
    const later = open(store).clock;
    expect(later.now().getTime()).toBe(START - MINUTE);
    // What is certain is said: it is at least so far behind.
    expect(later.offsetMs).toBe(-399 * DAY);
  });

  it('is heard again as soon as the server answers', () => {
    wrong = DAY;
    const { clock } = open();
    hear(clock);
    wrong = 0;
    hear(clock);
    expect([clock.offsetMs, clock.now()]).toEqual([0, new Date(server)]);
  });

  it('is written down when it changed, and now and then', () => {
    const store = createMemoryStore();
    let writes = 0;
    const { clock } = open({ ...store, writeFact: (name, value) => (writes++, store.writeFact(name, value)) });
    for (let second = 0; second < 300; second += 10) {
      hear(clock);
      server += 10_000;
    }
    expect(writes).toBe(1);
    server += 10 * MINUTE;
    hear(clock);
    wrong = DAY;
    hear(clock);
    expect(writes).toBe(3);
  });
});
