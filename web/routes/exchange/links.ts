import type { ExchangeStatus } from '#api/contract/exchange-status.ts';

/** One line from the exchange: to an institution of its own, or to another exchange. */
export interface Link {
  readonly id: string;
  readonly kind: 'member' | 'peer';
  /** Envelopes that wait to be fetched or handed over. */
  readonly waiting: number;
  readonly lastSeen: string | null;
  /** By the exchange's clock. `quiet`: not heard for a while, which is no fault of a member that is closed. */
  readonly state: 'alive' | 'quiet' | 'unreachable';
}

export type EnvelopeLine = ExchangeStatus['envelopes'][number];

/** Members ask for their mail all the time; this long without is worth showing. */
const QUIET_MS = 2 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** The lines of a status, members first, each in the order of their ids so that nothing jumps about. */
export function linksOf(status: ExchangeStatus): readonly Link[] {
  const now = Date.parse(status.time);
  const isQuiet = (lastSeen: string | null) => lastSeen === null || now - Date.parse(lastSeen) > QUIET_MS;
  const members = status.members.map(({ institution, waiting, lastSeen }): Link => ({
    id: institution,
    kind: 'member',
    waiting,
    lastSeen,
    state: isQuiet(lastSeen) ? 'quiet' : 'alive',
  }));
  const peers = status.peers.map(({ exchange, waiting, lastSeen, reachable }): Link => ({
    id: exchange,
    kind: 'peer',
    waiting,
    lastSeen,
    // Not yet called since the exchange started is no failure.
    state: reachable ? 'alive' : lastSeen === null ? 'quiet' : 'unreachable',
  }));
  const byId = (left: Link, right: Link) => (left.id < right.id ? -1 : 1);
  return [...members.sort(byId), ...peers.sort(byId)];
}

const UNDELIVERED: readonly EnvelopeLine['state'][] = ['accepted', 'held', 'forwarded'];

/** The envelope that has waited longest for its recipient. */
export function oldestWaiting({ envelopes }: ExchangeStatus): EnvelopeLine | undefined {
  return envelopes
    .filter(({ state }) => UNDELIVERED.includes(state))
    .reduce<EnvelopeLine | undefined>(
      (oldest, envelope) => (oldest && Date.parse(oldest.created) <= Date.parse(envelope.created) ? oldest : envelope),
      undefined,
    );
}

/** Envelopes of the last hour that travelled along a line; all of them without one. Newest change first. */
export function envelopesOn(
  status: ExchangeStatus,
  link: Link | undefined,
  exchangeOf: (institution: string) => string | undefined,
): readonly EnvelopeLine[] {
  const touches = (institution: string) =>
    link?.kind === 'member' ? institution === link.id : exchangeOf(institution) === link?.id;
  const since = Date.parse(status.time) - HOUR_MS;
  return status.envelopes
    .filter(({ from, to, changed }) => !link || ((touches(from) || touches(to)) && Date.parse(changed) >= since))
    .toSorted((left, right) => Date.parse(right.changed) - Date.parse(left.changed));
}

/** Where the lines end, on a ring around the exchange: x and y from 0 to 1, the first at the left, then clockwise. */
export function ringPlaces(count: number, radius: number): readonly { readonly x: number; readonly y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = Math.PI + (index / count) * 2 * Math.PI;
    return { x: 0.5 + radius * Math.cos(angle), y: 0.5 + radius * Math.sin(angle) };
  });
}
