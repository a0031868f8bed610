import { expect, it } from 'vitest';
import type { ExchangeStatus } from '#api/contract/exchange-status.ts';
import { formatAge } from '../../../web/routes/exchange/age.ts';
import {
  envelopesOn,
  linksOf,
  oldestWaiting,
  ringPlaces,
  type EnvelopeLine,
} from '../../../web/routes/exchange/links.ts';

const NOW = '2026-11-23T03:00:00.000Z';
const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const envelope = (
  id: string,
  from: string,
  to: string,
  minutes: number,
  state: EnvelopeLine['state'] = 'acknowledged',
) => ({
  ...{ id, from, to, state, kind: 'release', sizeBucket: 4096 },
  created: ago(minutes),
  changed: ago(minutes),
});

const status: ExchangeStatus = {
  role: 'exchange',
  exchange: 'east',
  time: NOW,
  checkpoint: null,
  visits: 3,
  members: [
    { institution: 'sakura/1310000012', waiting: 1, lastSeen: ago(0) },
    { institution: 'aoi/1310000020', waiting: 0, lastSeen: ago(5) },
  ],
  peers: [
    { exchange: 'west', waiting: 2, lastSeen: ago(1), reachable: true },
    { exchange: 'north', waiting: 0, lastSeen: ago(60), reachable: false },
    { exchange: 'south', waiting: 0, lastSeen: null, reachable: false },
  ],
  envelopes: [
    envelope('1', 'sakura/1310000012', 'hoshi/2710000034', 90),
    envelope('2', 'hoshi/2710000034', 'sakura/1310000012', 30, 'forwarded'),
    envelope('3', 'aoi/1310000020', 'sakura/1310000012', 40, 'accepted'),
    envelope('4', 'sakura/1310000012', 'hoshi/2710000034', 10),
  ],
};
const exchangeOf = (institution: string) => (institution.startsWith('hoshi') ? 'west' : 'east');

it('tells a quiet line from one that failed', () => {
  expect(linksOf(status).map(({ id, state }) => [id, state])).toEqual([
    ['aoi/1310000020', 'quiet'],
    ['sakura/1310000012', 'alive'],
    ['north', 'unreachable'],
    ['south', 'quiet'],
    ['west', 'alive'],
  ]);
});

it('shows the last hour of a line, and everything without one', () => {
  const links = linksOf(status);
  const on = (id?: string) =>
    envelopesOn(
      status,
      links.find((link) => link.id === id),
      exchangeOf,
    ).map((line) => line.id);
  expect(on()).toEqual(['4', '2', '3', '1']);
  expect(on('sakura/1310000012')).toEqual(['4', '2', '3']);
  expect(on('aoi/1310000020')).toEqual(['3']);
  expect(on('west')).toEqual(['4', '2']);
});

it('finds what has waited longest', () => {
  expect(oldestWaiting(status)?.id).toBe('3');
  expect(oldestWaiting({ ...status, envelopes: [] })).toBeUndefined();
});

it('places lines around the exchange, on a ring', () => {
  const [left, right] = ringPlaces(2, 0.4);
  expect([left?.x, right?.x].map((x) => x?.toFixed(2))).toEqual(['0.10', '0.90']);
  for (const { x, y } of ringPlaces(200, 0.4)) expect(Math.hypot(x - 0.5, y - 0.5)).toBeCloseTo(0.4, 9);
});

it.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [3599, '59 min'],
  [7200, '2 h'],
  [200_000, '2 d'],
  [-5, '0 s'],
])('says %d seconds as %s', (seconds, text) => {
  const words = {
    seconds: (n: number) => `${n} s`,
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    days: (n: number) => `${n} d`,
  };
  expect(formatAge(words, new Date(Date.parse(NOW) - seconds * 1000).toISOString(), NOW)).toBe(text);
});
