import type { GatewayConfig } from '../config.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import type { DecryptionKey, SigningKey } from '../contract/jose.ts';
import { findAmong } from '../contract/keys-by-thumbprint.ts';
import type { PresenceSubmission } from '../contract/presence-proof.ts';
import { openGatewayDirectories } from '../directory/gateway-directories.ts';
import { createExchangeClient } from '../http/exchange-client.ts';
import { createCheckpointWatch } from '../presence/checkpoint-watch.ts';
import { inspectSubmission } from '../presence/gateway-inspection.ts';
import type { SignerTrust } from '../sharing/parts.ts';
import { createSqliteCheckpointStore } from '../storage/sqlite/checkpoints.ts';
import type { SqliteDatabase } from '../storage/sqlite/database.ts';
import { createSqliteDirectoryStore } from '../storage/sqlite/directory.ts';
import { createSqliteGatewayVisitStore } from '../storage/sqlite/gateway-visits.ts';
import { createSqliteRecordStore } from '../storage/sqlite/records.ts';
import { createSqliteTerminalStore } from '../storage/sqlite/terminals.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { createVisitForwarder } from '../visits/forwarder.ts';
import type { ForwardingLoop } from '../visits/forwarding-loop.ts';
import { composeSharing } from './gateway-sharing.ts';
import { createOwnWitness } from './own-witness.ts';
import type { Surroundings } from './runnable-app.ts';
import { createVisitBook } from './visit-book.ts';

export interface GatewayParts extends Surroundings {
  readonly config: GatewayConfig;
  readonly keys: { readonly signing: SigningKey; readonly encryption: DecryptionKey; readonly witness?: NoteSigner };
  /** Opened with `GATEWAY_SCHEMAS`. */
  readonly database: SqliteDatabase;
  /** Whose signature under a request counts as a doctor's. */
  readonly signers: SignerTrust;
  /** Folder of the built app. */
  readonly appDirectory?: string;
  /** The demonstration's people and cards. */
  readonly demoWorld?: SyntheticWorld;
}

export type GatewayServices = Awaited<ReturnType<typeof createGatewayServices>>;

/** What a gateway's routes and loops share. */
export async function createGatewayServices(parts: GatewayParts) {
  const { config, keys, database, now, random, fetch } = parts;
  const institution = config.institution.id;
  const terminals = createSqliteTerminalStore(database);
  const visits = createSqliteGatewayVisitStore(database);
  const records = createSqliteRecordStore(database);
  const visitBook = createVisitBook(visits);
  const directories = await openGatewayDirectories({
    exchange: config.exchange,
    store: createSqliteDirectoryStore(database),
    fetch,
    now,
  });

  const { origin, id, signingKeys, logKeys } = config.exchange;
  const exchange = createExchangeClient({ origin, self: institution, exchange: id, key: keys.signing, fetch, now });
  const findExchangeKey = findAmong(signingKeys);
  // The loop that hands on what was kept exists while the gateway runs.
  const forwarding: { loop?: ForwardingLoop } = {};
  const watch = createCheckpointWatch({
    url: new URL('/evidence/checkpoint', origin).href,
    logKeys,
    fetch,
    store: createSqliteCheckpointStore(database),
    random,
    onReachable: () => forwarding.loop?.wake(),
  });
  const isEnrolled = async (terminal: string) => (await terminals.find(terminal)) !== undefined;
  return {
    ...{ terminals, visits, visitBook, records, directories, exchange, watch, forwarding },
    witness: createOwnWitness({
      signer: keys.witness,
      logKeys: () => directories.book.view.directories.flatMap((directory) => directory.logKeys),
      database,
      now,
    }),
    forwarder: createVisitForwarder({ visits, exchange, institution, findExchangeKey, now }),
    inspect: (submission: PresenceSubmission) => inspectSubmission(submission, { institution, isEnrolled }),
    sharing: composeSharing({
      ...{ institution, keys, database, exchange, records, visits: visitBook, signers: parts.signers, now },
      directory: () => directories.book.view,
    }),
  };
}
