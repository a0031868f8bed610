import { describe } from 'vitest';
import { checkpointsSchema, createSqliteCheckpointStore } from '#api/storage/sqlite/checkpoints.ts';
import { createSqliteWitnessStore, witnessSchema } from '#api/storage/sqlite/witness.ts';
import { testCheckpointStore } from './checkpoint-store-contract.ts';
import { temporaryDatabase } from './temporary-file.ts';
import { testWitnessStore } from './witness-store-contract.ts';

describe("a gateway's newest checkpoint on SQLite", () =>
  testCheckpointStore(() => createSqliteCheckpointStore(temporaryDatabase([checkpointsSchema]))));

describe("a witness's memory on SQLite", () =>
  testWitnessStore(() => createSqliteWitnessStore(temporaryDatabase([witnessSchema]))));
