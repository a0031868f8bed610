import { describe } from 'vitest';
import { accessEventsSchema, createSqliteAccessEventStore } from '#api/storage/sqlite/access-events.ts';
import { accessOutboxSchema, createSqliteAccessOutbox } from '#api/storage/sqlite/access-outbox.ts';
import { checkpointsSchema, createSqliteCheckpointStore } from '#api/storage/sqlite/checkpoints.ts';
import { consentsSchema, createSqliteConsentStore } from '#api/storage/sqlite/consents.ts';
import { createSqliteDispensingStore, dispensingsSchema } from '#api/storage/sqlite/dispensings.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '#api/storage/sqlite/evidence.ts';
import { createSqlitePolicyStore, policiesSchema } from '#api/storage/sqlite/policies.ts';
import { createSqlitePostOfficeStore, postOfficeSchema } from '#api/storage/sqlite/post-office.ts';
import { presenceSchema } from '#api/storage/sqlite/presence.ts';
import { createSqliteWitnessStore, witnessSchema } from '#api/storage/sqlite/witness.ts';
import { testAccessEventStore } from './access-event-store-contract.ts';
import { testCheckpointStore } from './checkpoint-store-contract.ts';
import { testConsentStore } from './consent-store-contract.ts';
import { testDispensingStore } from './dispensing-store-contract.ts';
import { testPolicyStore } from './policy-store-contract.ts';
import { temporaryDatabase } from './temporary-file.ts';
import { testWitnessStore } from './witness-store-contract.ts';

describe("a gateway's newest checkpoint on SQLite", () =>
  testCheckpointStore(() => createSqliteCheckpointStore(temporaryDatabase([checkpointsSchema]))));

describe("a witness's memory on SQLite", () =>
  testWitnessStore(() => createSqliteWitnessStore(temporaryDatabase([witnessSchema]))));

describe('consents on SQLite', () =>
  testConsentStore(() => createSqliteConsentStore(temporaryDatabase([presenceSchema, consentsSchema]))));

describe('access events on SQLite', () =>
  testAccessEventStore(() => {
    const database = temporaryDatabase([evidenceSchema, accessEventsSchema]);
    const store = createSqliteAccessEventStore(database);
    return Promise.resolve({ store, evidence: createSqliteEvidenceStore(database) });
  }));

describe('uses of prescriptions on SQLite', () =>
  testDispensingStore(() => {
    const database = temporaryDatabase([postOfficeSchema, accessOutboxSchema, dispensingsSchema]);
    return {
      store: createSqliteDispensingStore(database),
      post: createSqlitePostOfficeStore(database),
      events: createSqliteAccessOutbox(database),
    };
  }));

describe('a release policy on SQLite', () =>
  testPolicyStore(() => createSqlitePolicyStore(temporaryDatabase([policiesSchema]))));
