import type { GatewayStores } from '../gateway-stores.ts';
import { NOBODY_ELSE } from '../signals.ts';
import { accessOutboxSchema, createSqliteAccessOutbox } from './access-outbox.ts';
import { attemptsSchema, createSqliteAttemptStore } from './attempts.ts';
import { bedsSchema, createSqliteBedStore } from './beds.ts';
import { checkpointsSchema, createSqliteCheckpointStore } from './checkpoints.ts';
import { openSqlite, type SqliteDatabase } from './database.ts';
import { createSqliteProbeStore, probeSchema } from './probe.ts';
import { createSqliteDispensingStore, dispensingsSchema } from './dispensings.ts';
import { createSqliteDirectoryStore, directorySchema } from './directory.ts';
import { createSqliteGatewayVisitStore, gatewayVisitsSchema } from './gateway-visits.ts';
import { createSqlitePolicyStore, policiesSchema } from './policies.ts';
import { createSqlitePostOfficeStore, postOfficeSchema } from './post-office.ts';
import { createSqliteRecordStore, recordsSchema } from './records.ts';
import { createSqliteGatewayRetention } from './retention.ts';
import { createSqliteSharingStore, sharingSchema } from './sharing.ts';
import { createSqliteStaffStore, staffSchema } from './staff.ts';
import { createSqliteTerminalStore, terminalsSchema } from './terminals.ts';
import { createSqliteWitnessStore, witnessSchema } from './witness.ts';

/** The tables of a gateway. */
export const GATEWAY_SCHEMAS = [
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

/** Opens or creates a gateway's embedded database. */
export const openSqliteGatewayStores = (path: string): GatewayStores =>
  createSqliteGatewayStores(openSqlite(path, GATEWAY_SCHEMAS));

/** @param database opened with `GATEWAY_SCHEMAS` */
export const createSqliteGatewayStores = (database: SqliteDatabase): GatewayStores => ({
  accessOutbox: createSqliteAccessOutbox(database),
  attempts: createSqliteAttemptStore(database),
  beds: createSqliteBedStore(database),
  checkpoints: createSqliteCheckpointStore(database),
  directory: createSqliteDirectoryStore(database),
  dispensings: createSqliteDispensingStore(database),
  policies: createSqlitePolicyStore(database),
  postOffice: createSqlitePostOfficeStore(database),
  records: createSqliteRecordStore(database),
  sharing: createSqliteSharingStore(database),
  probe: createSqliteProbeStore(database),
  retention: createSqliteGatewayRetention(database),
  signals: NOBODY_ELSE,
  staff: createSqliteStaffStore(database),
  terminals: createSqliteTerminalStore(database),
  visits: createSqliteGatewayVisitStore(database),
  witness: createSqliteWitnessStore(database),
  close: () => database.close(),
});
