import type { ExchangeStores } from '../exchange-stores.ts';
import { accessEventsSchema, createPostgresAccessEventStore } from './access-events.ts';
import { claimsSchema } from './claims.ts';
import { consentsSchema, createPostgresConsentStore } from './consents.ts';
import { openPostgres, type PostgresDatabase, type PostgresPlace } from './database.ts';
import { createPostgresDirectoryStore, directorySchema } from './directory.ts';
import { createPostgresEnrolmentStore, enrolmentSchema } from './enrolment.ts';
import { createPostgresEvidenceStore, evidenceSchema } from './evidence.ts';
import { createPostgresPresenceStore, presenceSchema } from './presence.ts';
import { createPostgresRelayStore, relaySchema } from './relay.ts';
import { createPostgresExchangeRetention } from './retention.ts';
import { createPostgresProbeStore, probeSchema } from './probe.ts';
import { createPostgresRequestMemory, requestMemorySchema } from './request-memory.ts';
import type { PostgresSchema } from './schema.ts';
import { createPostgresVisitStore, visitsSchema } from './visits.ts';
import { createPostgresWitnessStore, witnessSchema } from './witness.ts';

/** The tables of an exchange. */
export const EXCHANGE_SCHEMAS: readonly PostgresSchema[] = [
  claimsSchema,
  requestMemorySchema,
  directorySchema,
  evidenceSchema,
  presenceSchema,
  enrolmentSchema,
  visitsSchema,
  consentsSchema,
  accessEventsSchema,
  relaySchema,
  witnessSchema,
  probeSchema,
];

/**
 * Opens an exchange's part of a PostgreSQL database, which several processes may share.
 *
 * @param random 0 (inclusive) to 1
 * @throws {Problem} `unavailable`
 */
export const openPostgresExchangeStores = async (place: PostgresPlace, random: () => number): Promise<ExchangeStores> =>
  createPostgresExchangeStores(await openPostgres(place, EXCHANGE_SCHEMAS, random));

/** @param database opened with `EXCHANGE_SCHEMAS` */
export const createPostgresExchangeStores = (database: PostgresDatabase): ExchangeStores => ({
  accessEvents: createPostgresAccessEventStore(database),
  consents: createPostgresConsentStore(database),
  directory: createPostgresDirectoryStore(database),
  enrolment: createPostgresEnrolmentStore(database),
  evidence: createPostgresEvidenceStore(database),
  presence: createPostgresPresenceStore(database),
  relay: createPostgresRelayStore(database),
  probe: createPostgresProbeStore(database, 'exchange'),
  requests: createPostgresRequestMemory(database),
  retention: createPostgresExchangeRetention(database),
  signals: database.signals,
  visits: createPostgresVisitStore(database),
  witness: createPostgresWitnessStore(database, 'exchange'),
  close: () => database.close(),
});
