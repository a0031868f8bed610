import type { GatewayConfig } from '../config/gateway-config.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import type { DecryptionKey, SigningKey } from '../contract/jose.ts';
import { findAmong, type KeyFinder } from '../contract/keys-by-thumbprint.ts';
import type { PresenceSubmission } from '../contract/presence-proof.ts';
import { seedDemoStaff } from '../demo/staff.ts';
import { createAlarm, watchDirectoryMark } from '../directory/directory-mark.ts';
import { openGatewayDirectories } from '../directory/gateway-directories.ts';
import { openSetUp } from '../enrolment/set-up.ts';
import { createExchangeClient } from '../http/exchange-client.ts';
import { createCheckpointWatch } from '../presence/checkpoint-watch.ts';
import { inspectSubmission } from '../presence/gateway-inspection.ts';
import { createFhirValidator } from '../records/fhir-validator.ts';
import type { SignerTrust } from '../sharing/parts.ts';
import type { GatewayStores } from '../storage/gateway-stores.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { createVisitForwarder } from '../visits/forwarder.ts';
import type { ForwardingLoop } from '../visits/forwarding-loop.ts';
import { composeSharing } from './gateway-sharing.ts';
import { createExchangeGuard } from './exchange-guard.ts';
import { createOwnWitness } from './own-witness.ts';
import type { Surroundings } from './runnable-app.ts';
import { createVisitBook } from './visit-book.ts';

export interface GatewayParts extends Surroundings {
  readonly config: GatewayConfig;
  readonly keys: {
    readonly signing: SigningKey;
    readonly encryption: DecryptionKey;
    /** Still open what was encrypted to them. */
    readonly formerEncryption?: readonly DecryptionKey[];
    readonly witness?: NoteSigner;
    /** What a program must show to read the metrics; nobody reads them when left out. */
    readonly metrics?: string;
  };
  readonly stores: GatewayStores;
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
  const { config, keys, stores, now, random, fetch } = parts;
  const institution = config.institution.id;
  const { beds, terminals, staff, visits, records, dispensings } = stores;
  if (parts.demoWorld) await seedDemoStaff(staff, institution, now);
  const setUp = await openSetUp(staff, parts.forcesSetUp);
  const visitBook = createVisitBook(visits);
  const alarm = createAlarm();
  const attentiveFetch = watchDirectoryMark(fetch, () => alarm.ring());
  const directories = await openGatewayDirectories({
    exchange: config.exchange,
    store: stores.directory,
    fetch,
    now,
  });

  const { origin, id, signingKeys, logKeys } = config.exchange;
  const exchange = createExchangeClient({
    origin,
    self: institution,
    exchange: id,
    key: keys.signing,
    fetch: attentiveFetch,
    now,
  });
  const findPinnedKey = findAmong(signingKeys);
  // Also the keys that follow from the pinned ones, as the newest directory says.
  const findExchangeKey: KeyFinder = async (header) =>
    (await findPinnedKey(header)) ?? directories.book.view.exchangeKeys(id)(header);
  // The loop that hands on what was kept exists while the gateway runs.
  const forwarding: { loop?: ForwardingLoop } = {};
  const watch = createCheckpointWatch({
    url: new URL('/evidence/checkpoint', origin).href,
    logKeys,
    fetch,
    store: stores.checkpoints,
    random,
    onReachable: () => forwarding.loop?.wake(),
  });
  const fhir = createFhirValidator();
  const isEnrolled = async (terminal: string) => (await terminals.find(terminal))?.revokedAt === null;
  return {
    ...{ alarm, beds, terminals, staff, setUp, visits, visitBook, records, dispensings },
    ...{ directories, exchange, watch, forwarding },
    witness: createOwnWitness({
      signer: keys.witness,
      logKeys: () => directories.book.view.directories.flatMap((directory) => directory.logKeys),
      store: stores.witness,
      now,
    }),
    forwarder: createVisitForwarder({ visits, exchange, institution, findExchangeKey, now }),
    inspect: (submission: PresenceSubmission) => inspectSubmission(submission, { institution, isEnrolled }),
    fhir,
    sharing: composeSharing({
      fhir,
      ...{ institution, keys, stores, exchange, records, visits: visitBook, signers: parts.signers, now },
      directory: () => directories.book.view,
      guard: createExchangeGuard({ ...config, memory: stores.requests, directory: () => directories.book.view, now }),
    }),
  };
}
