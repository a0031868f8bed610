import type { InstitutionId } from '../../contract/ids.ts';
import type { GatewayStores } from '../gateway-stores.ts';
import { accessOutboxSchema, createPostgresAccessOutbox } from './access-outbox.ts';
import { attemptsSchema, createPostgresAttemptStore } from './attempts.ts';
import { bedsSchema, createPostgresBedStore } from './beds.ts';
import { checkpointsSchema, createPostgresCheckpointStore } from './checkpoints.ts';
import { claimsSchema } from './claims.ts';
import { openPostgres, type PostgresDatabase, type PostgresPlace } from './database.ts';
import { createPostgresDirectoryStore, directorySchema } from './directory.ts';
import { createPostgresDispensingStore, dispensingsSchema } from './dispensings.ts';
import { createPostgresGatewayVisitStore, gatewayVisitsSchema } from './gateway-visits.ts';
import { createPostgresPolicyStore, policiesSchema } from './policies.ts';
import { createPostgresPostOfficeStore, postOfficeSchema } from './post-office.ts';
import { createPostgresRecordStore, recordsSchema } from './records.ts';
import { createPostgresGatewayRetention } from './retention.ts';
import { createPostgresProbeStore, probeSchema } from './probe.ts';
import { createPostgresRequestMemory, requestMemorySchema } from './request-memory.ts';
import type { PostgresSchema } from './schema.ts';
import { createPostgresSharingStore, sharingSchema } from './sharing.ts';
import { createPostgresStaffStore, staffSchema } from './staff.ts';
import { createPostgresTerminalStore, terminalsSchema } from './terminals.ts';
import { createPostgresWitnessStore, witnessSchema } from './witness.ts';

/** The tables of a gateway. */
export const GATEWAY_SCHEMAS: readonly PostgresSchema[] = [
  claimsSchema,
  requestMemorySchema,
  directorySchema,
  terminalsSchema,
  checkpointsSchema,
  gatewayVisitsSchema,
  recordsSchema,
  witnessSchema,
  probeSchema,
  postOfficeSchema,
  accessOutboxSchema,
  sharingSchema,
  dispensingsSchema,
  policiesSchema,
  bedsSchema,
  staffSchema,
  attemptsSchema,
];

/**
 * Opens a gateway's part of a PostgreSQL database, which several processes may share.
 *
 * @param random 0 (inclusive) to 1
 * @throws {Problem} `unavailable`
 */
export const openPostgresGatewayStores = async (
  place: PostgresPlace,
  institution: InstitutionId,
  random: () => number,
): Promise<GatewayStores> =>
  createPostgresGatewayStores(await openPostgres(place, GATEWAY_SCHEMAS, random), institution);

/** @param database opened with `GATEWAY_SCHEMAS` */
export const createPostgresGatewayStores = (database: PostgresDatabase, institution: InstitutionId): GatewayStores => ({
  accessOutbox: createPostgresAccessOutbox(database, institution),
  attempts: createPostgresAttemptStore(database, institution),
  beds: createPostgresBedStore(database, institution),
  checkpoints: createPostgresCheckpointStore(database, institution),
  directory: createPostgresDirectoryStore(database),
  dispensings: createPostgresDispensingStore(database, institution),
  policies: createPostgresPolicyStore(database, institution),
  postOffice: createPostgresPostOfficeStore(database, institution),
  records: createPostgresRecordStore(database, institution),
  sharing: createPostgresSharingStore(database, institution),
  probe: createPostgresProbeStore(database, institution),
  requests: createPostgresRequestMemory(database),
  retention: createPostgresGatewayRetention(database, institution),
  signals: database.signals,
  staff: createPostgresStaffStore(database, institution),
  terminals: createPostgresTerminalStore(database, institution),
  visits: createPostgresGatewayVisitStore(database, institution),
  witness: createPostgresWitnessStore(database, institution),
  close: () => database.close(),
});
