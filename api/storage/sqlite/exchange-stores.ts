import type { ExchangeStores } from '../exchange-stores.ts';
import { NOBODY_ELSE } from '../signals.ts';
import { accessEventsSchema, createSqliteAccessEventStore } from './access-events.ts';
import { consentsSchema, createSqliteConsentStore } from './consents.ts';
import { openSqlite, type SqliteDatabase } from './database.ts';
import { createSqliteProbeStore, probeSchema } from './probe.ts';
import { createSqliteDirectoryStore, directorySchema } from './directory.ts';
import { createSqliteEnrolmentStore, enrolmentSchema } from './enrolment.ts';
import { createSqliteEvidenceStore, evidenceSchema } from './evidence.ts';
import { createSqlitePresenceStore, presenceSchema } from './presence.ts';
import { createSqliteRelayStore, relaySchema } from './relay.ts';
import { createSqliteExchangeRetention } from './retention.ts';
import { createSqliteVisitStore, visitsSchema } from './visits.ts';
import { createSqliteWitnessStore, witnessSchema } from './witness.ts';

/** The tables of an exchange, in the order in which they refer to each other. */
export const EXCHANGE_SCHEMAS = [
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

/** Opens or creates an exchange's embedded database. */
export const openSqliteExchangeStores = (path: string): ExchangeStores =>
  createSqliteExchangeStores(openSqlite(path, EXCHANGE_SCHEMAS));

/** @param database opened with `EXCHANGE_SCHEMAS` */
export const createSqliteExchangeStores = (database: SqliteDatabase): ExchangeStores => ({
  accessEvents: createSqliteAccessEventStore(database),
  consents: createSqliteConsentStore(database),
  directory: createSqliteDirectoryStore(database),
  enrolment: createSqliteEnrolmentStore(database),
  evidence: createSqliteEvidenceStore(database),
  presence: createSqlitePresenceStore(database),
  relay: createSqliteRelayStore(database),
  probe: createSqliteProbeStore(database),
  retention: createSqliteExchangeRetention(database),
  signals: NOBODY_ELSE,
  visits: createSqliteVisitStore(database),
  witness: createSqliteWitnessStore(database),
  close: () => database.close(),
});
