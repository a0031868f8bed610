import { describe } from 'vitest';
import { attemptsSchema, createPostgresAttemptStore } from '#api/storage/postgres/attempts.ts';
import { bedsSchema, createPostgresBedStore } from '#api/storage/postgres/beds.ts';
import { accessEventsSchema, createPostgresAccessEventStore } from '#api/storage/postgres/access-events.ts';
import { accessOutboxSchema, createPostgresAccessOutbox } from '#api/storage/postgres/access-outbox.ts';
import { checkpointsSchema, createPostgresCheckpointStore } from '#api/storage/postgres/checkpoints.ts';
import { consentsSchema, createPostgresConsentStore } from '#api/storage/postgres/consents.ts';
import type { PostgresDatabase } from '#api/storage/postgres/database.ts';
import { createPostgresDirectoryStore, directorySchema } from '#api/storage/postgres/directory.ts';
import { createPostgresDispensingStore, dispensingsSchema } from '#api/storage/postgres/dispensings.ts';
import { createPostgresEnrolmentStore, enrolmentSchema } from '#api/storage/postgres/enrolment.ts';
import { appendLeaf, createPostgresEvidenceStore, evidenceSchema } from '#api/storage/postgres/evidence.ts';
import { createPostgresGatewayVisitStore, gatewayVisitsSchema } from '#api/storage/postgres/gateway-visits.ts';
import { claimsSchema } from '#api/storage/postgres/claims.ts';
import { enqueueEnvelope, noteHandled } from '#api/storage/postgres/outbox.ts';
import { createPostgresPolicyStore, policiesSchema } from '#api/storage/postgres/policies.ts';
import { createPostgresPostOfficeStore, postOfficeSchema } from '#api/storage/postgres/post-office.ts';
import { createPostgresRelayStore, relaySchema } from '#api/storage/postgres/relay.ts';
import { createPostgresPresenceStore, presenceSchema } from '#api/storage/postgres/presence.ts';
import { createPostgresRecordStore, recordsSchema } from '#api/storage/postgres/records.ts';
import type { PostgresSchema } from '#api/storage/postgres/schema.ts';
import { createPostgresSharingStore, sharingSchema } from '#api/storage/postgres/sharing.ts';
import { createPostgresStaffStore, staffSchema } from '#api/storage/postgres/staff.ts';
import { createPostgresTerminalStore, terminalsSchema } from '#api/storage/postgres/terminals.ts';
import { createPostgresVisitStore, visitsSchema } from '#api/storage/postgres/visits.ts';
import { createPostgresWitnessStore, witnessSchema } from '#api/storage/postgres/witness.ts';
import { testDirectoryStore } from '../directory/store-contract.ts';
import { testEvidenceStore } from '../evidence/store-contract.ts';
import { NOW } from '../parties/parties.ts';
import { testRecordStore } from '../records/store-contract.ts';
import { describeBedStore } from './bed-store-contract.ts';
import { testPostOfficeStore } from '../relay/post-office-store-contract.ts';
import { testRelayStore } from '../relay/store-contract.ts';
import { testSharingStore } from '../sharing/store-contract.ts';
import { testAccessEventStore } from './access-event-store-contract.ts';
import { testAttemptStore } from './attempt-store-contract.ts';
import { testCheckpointStore } from './checkpoint-store-contract.ts';
import { testConsentStore } from './consent-store-contract.ts';
import { testDispensingStore } from './dispensing-store-contract.ts';
import { describeEnrolmentStore } from './enrolment-store-contract.ts';
import { describeGatewayVisitStore } from './gateway-visit-store-contract.ts';
import { testPolicyStore } from './policy-store-contract.ts';
import { findPostgres, POSTGRES_MISSING } from './postgres-cluster.ts';
import { makeFaulty, useCluster } from './postgres-database.ts';
import { describePresenceStore } from './presence-store-contract.ts';
import { describeStaffStore } from './staff-store-contract.ts';
import { describeTerminalStore } from './terminal-store-contract.ts';
import { describeVisitStore } from './visit-store-contract.ts';
import { testWitnessStore } from './witness-store-contract.ts';

const bin = findPostgres();
const HOSPITAL = 'sakura/1310000012';

describe.skipIf(!bin)(`PostgreSQL${bin ? '' : `, ${POSTGRES_MISSING}`}`, () => {
  const cluster = useCluster(bin);

  /** A store that can be opened again over the same data. */
  const reopenable =
    <Store>(schemas: readonly PostgresSchema[], create: (database: PostgresDatabase) => Store) =>
    async () => {
      const name = cluster.freshName();
      const database = await cluster.open(schemas, name);
      return {
        store: create(database),
        async reopen() {
          await database.close();
          return create(await cluster.open(schemas, name));
        },
      };
    };
  /** A store whose next write can be made to fail. */
  const faulty =
    <Store>(schemas: readonly PostgresSchema[], create: (database: PostgresDatabase) => Store) =>
    async () => {
      const { database, fail } = makeFaulty(await cluster.open(schemas));
      return { store: create(database), fail };
    };

  describe('attempts', () =>
    testAttemptStore(async () => createPostgresAttemptStore(await cluster.open([attemptsSchema]), HOSPITAL)));
  describeBedStore('PostgreSQL', async () => createPostgresBedStore(await cluster.open([bedsSchema]), HOSPITAL));
  describe('checkpoints', () =>
    testCheckpointStore(async () => createPostgresCheckpointStore(await cluster.open([checkpointsSchema]), HOSPITAL)));
  describe('directories', () => testDirectoryStore(faulty([directorySchema], createPostgresDirectoryStore)));
  describeEnrolmentStore('PostgreSQL', reopenable([enrolmentSchema], createPostgresEnrolmentStore));
  describe('evidence', () =>
    testEvidenceStore(async () => {
      const database = await cluster.open([evidenceSchema]);
      return {
        store: createPostgresEvidenceStore(database),
        append: (leaves, fail) =>
          database.writeTogether(async (tx) => {
            const indices: number[] = [];
            for (const leaf of leaves) indices.push(await appendLeaf(tx, leaf));
            if (fail) throw new RangeError('undo');
            return indices;
          }),
      };
    }));
  describeGatewayVisitStore(
    'PostgreSQL',
    reopenable([gatewayVisitsSchema], (database) => createPostgresGatewayVisitStore(database, HOSPITAL)),
  );
  describe('post office', () =>
    testPostOfficeStore(async () => {
      const { database, fail } = makeFaulty(await cluster.open([claimsSchema, postOfficeSchema]));
      return {
        ...{ store: createPostgresPostOfficeStore(database, HOSPITAL), fail },
        enqueue: (outgoing) => database.write((tx) => enqueueEnvelope(tx, HOSPITAL, outgoing)),
        handle: (id) => database.write((tx) => noteHandled(tx, HOSPITAL, id, NOW)),
      };
    }));
  describe('relay', () => testRelayStore(faulty([claimsSchema, relaySchema], createPostgresRelayStore)));
  describePresenceStore('PostgreSQL', reopenable([presenceSchema], createPostgresPresenceStore));
  describe('records', () =>
    testRecordStore(faulty([recordsSchema], (database) => createPostgresRecordStore(database, HOSPITAL))));
  describeStaffStore('PostgreSQL', async () => createPostgresStaffStore(await cluster.open([staffSchema]), HOSPITAL));
  describeTerminalStore('PostgreSQL', async () =>
    createPostgresTerminalStore(await cluster.open([terminalsSchema]), HOSPITAL),
  );
  describeVisitStore(
    'PostgreSQL',
    reopenable([evidenceSchema, presenceSchema, visitsSchema], createPostgresVisitStore),
  );
  describe('witness', () =>
    testWitnessStore(async () => createPostgresWitnessStore(await cluster.open([witnessSchema]), 'exchange')));

  /** What is committed together at a gateway. */
  const desk = async () => {
    const schemas = [claimsSchema, postOfficeSchema, accessOutboxSchema, sharingSchema, dispensingsSchema];
    const database = await cluster.open(schemas);
    const post = createPostgresPostOfficeStore(database, HOSPITAL);
    return { database, post, events: createPostgresAccessOutbox(database, HOSPITAL) };
  };
  describe('sharing', () =>
    testSharingStore(async () => {
      const { database, ...rest } = await desk();
      return { ...rest, store: createPostgresSharingStore(database, HOSPITAL) };
    }));
  describe('uses of prescriptions', () =>
    testDispensingStore(async () => {
      const { database, ...rest } = await desk();
      return { ...rest, store: createPostgresDispensingStore(database, HOSPITAL) };
    }));
  describe('a release policy', () =>
    testPolicyStore(async () => createPostgresPolicyStore(await cluster.open([policiesSchema]), HOSPITAL)));
  describe('consents', () =>
    testConsentStore(async () => createPostgresConsentStore(await cluster.open([presenceSchema, consentsSchema]))));
  describe('access events', () =>
    testAccessEventStore(async () => {
      const database = await cluster.open([evidenceSchema, accessEventsSchema]);
      return { store: createPostgresAccessEventStore(database), evidence: createPostgresEvidenceStore(database) };
    }));
});
