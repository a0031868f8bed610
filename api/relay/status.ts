import type { ExchangeStatus } from '../contract/exchange-status.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import type { Contacts } from './contacts.ts';
import type { RelayParts } from './parts.ts';

/** What the status shows beside the relay itself. */
export interface StatusSources {
  readonly contacts: Contacts;
  readonly members: () => readonly InstitutionId[];
  readonly peers: () => readonly ExchangeId[];
  /** Who watches the evidence log. */
  readonly readWitnesses?: () => NonNullable<ExchangeStatus['witnesses']>;
  /** Whose clock stamps it. */
  readonly readTimestamping?: () => Promise<NonNullable<ExchangeStatus['timestamping']>>;
  readonly countVisits: () => Promise<number>;
  /** Requests without consent lately. */
  readonly countEmergencies?: () => Promise<NonNullable<ExchangeStatus['emergencies']>>;
  /** Newest checkpoint of the evidence log, signed note. */
  readonly readCheckpoint: () => Promise<string | null>;
}

const RECENT = 50;

/** The operator's view of an exchange: counts, ages, states; nothing about anybody. */
export async function describeExchange(parts: RelayParts, sources: StatusSources): Promise<ExchangeStatus> {
  const { contacts } = sources;
  const waiting = await parts.store.countWaiting();
  const lastSeen = (id: string) => contacts.lastSeen(id)?.toISOString() ?? null;
  const recent = await parts.store.readRecent(RECENT);
  return {
    role: 'exchange',
    exchange: parts.exchange,
    time: parts.now().toISOString(),
    checkpoint: await sources.readCheckpoint(),
    visits: await sources.countVisits(),
    ...(sources.countEmergencies ? { emergencies: await sources.countEmergencies() } : {}),
    ...(sources.readWitnesses ? { witnesses: sources.readWitnesses() } : {}),
    ...(sources.readTimestamping ? { timestamping: await sources.readTimestamping() } : {}),
    members: sources
      .members()
      .map((id) => ({ institution: id, waiting: waiting.mailboxes.get(id) ?? 0, lastSeen: lastSeen(id) })),
    peers: sources.peers().map((id) => ({
      exchange: id,
      waiting: waiting.peers.get(id) ?? 0,
      lastSeen: lastSeen(id),
      reachable: contacts.isReachable(id),
    })),
    envelopes: recent.map(({ envelope: { id, from, to, kind, sizeBucket, created }, state, changed }) => ({
      ...{ id, from, to, kind, sizeBucket, state, created },
      changed: changed.toISOString(),
    })),
  };
}
