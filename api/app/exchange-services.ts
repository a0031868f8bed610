import type { ExchangeConfig } from '../config/exchange-config.ts';
import type { CardTrust } from '../contract/card-trust.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import { parseVerifierKey } from '../contract/evidence/verifier-key.ts';
import type { SigningKey } from '../contract/jose.ts';
import type { AskPayer } from '../contract/payer-answer.ts';
import { createAlarm, watchDirectoryMark } from '../directory/directory-mark.ts';
import { openExchangeDirectories } from '../directory/exchange-directories.ts';
import { createEvidenceLog } from '../evidence/log.ts';
import type { TimeStampAuthority } from '../evidence/time-stamp-authority.ts';
import { createHttpWitness } from '../evidence/witness-client.ts';
import { createWitnessing } from '../evidence/witnessing.ts';
import { createBells } from '../http/bells.ts';
import { createExchangeClient } from '../http/exchange-client.ts';
import { createPresenceVerifier } from '../presence/verify-presence.ts';
import { createContacts, observeClient } from '../relay/contacts.ts';
import { createQuota, DEFAULT_LIMITS } from '../relay/quota.ts';
import type { ExchangeStores } from '../storage/exchange-stores.ts';
import type { ImmediateSigner } from '../visits/record-sealer.ts';
import { createReceiptSource } from '../visits/receipts.ts';
import { describeOwnDirectory } from './exchange-parties.ts';
import { createExchangeStamping } from './exchange-clock.ts';
import { createOwnWitness, peerLogKeys } from './own-witness.ts';
import type { Surroundings } from './runnable-app.ts';

export interface ExchangeParts extends Surroundings {
  readonly config: ExchangeConfig;
  readonly keys: {
    readonly signing: SigningKey;
    /** Announced, not used yet. */
    readonly nextSigning?: SigningKey;
    /** The same key as `signing`, for records. */
    readonly recordSigner: ImmediateSigner;
    readonly log: NoteSigner;
    readonly federation: Uint8Array;
    /** What a program must show to read the metrics; nobody reads them when left out. */
    readonly metrics?: string;
    /** Cosigns the peers' logs. */
    readonly witness?: NoteSigner;
  };
  readonly stores: ExchangeStores;
  readonly cards: CardTrust;
  readonly askPayer: AskPayer;
  /** Whose clocks stamp the log; a simulated one when left out. */
  readonly authorities?: readonly TimeStampAuthority[];
  /** Folder of the built app. */
  readonly appDirectory?: string;
}

/** A witness that takes longer is away. */
const WITNESS_TIMEOUT_MS = 2000;

export type ExchangeServices = Awaited<ReturnType<typeof createExchangeServices>>;

/** What an exchange's routes and loops share. */
export async function createExchangeServices({
  config,
  keys,
  stores,
  cards,
  askPayer,
  now,
  fetch,
  authorities,
}: ExchangeParts) {
  const exchange = config.id;
  const { evidence: evidenceStore, presence: presenceStore, enrolment: enrolmentStore, visits } = stores;
  const log = await createEvidenceLog({
    store: evidenceStore,
    signer: keys.log,
    origin: config.logOrigin,
    clock: now,
    threshold: config.witnesses?.threshold ?? 0,
  });
  const witnessing = createWitnessing({
    log,
    threshold: config.witnesses?.threshold ?? 0,
    witnesses: (config.witnesses?.ask ?? []).map(({ key, prefix }) =>
      createHttpWitness({ prefix, verifier: parseVerifierKey(key), fetch, timeoutMs: WITNESS_TIMEOUT_MS }),
    ),
  });
  const directories = await openExchangeDirectories({
    content: describeOwnDirectory(config, keys, log.verifierKey, authorities),
    key: keys.signing,
    store: stores.directory,
    now,
    fetch,
  });

  const presence = createPresenceVerifier({
    exchange,
    store: presenceStore,
    findBinding: (certHash) => enrolmentStore.findBinding(certHash),
    async findCheckpoint(quoted) {
      const known = await log.isKnownCheckpoint(quoted);
      const isNewest = (await log.latestCheckpoint()).size === quoted.size;
      return known && { ...known, isNewest };
    },
    trust: cards,
    terminalProviders: config.cards.terminalProviders,
    now,
  });

  const alarm = createAlarm();
  const contacts = createContacts(now);
  const peers = config.peers.map(({ id, origin }) => {
    const attentive = watchDirectoryMark(fetch, () => alarm.ring());
    const client = { origin, self: exchange, exchange: id, key: keys.signing, fetch: attentive, now };
    return observeClient(createExchangeClient(client), contacts);
  });
  const gateways = config.gateways.map(({ institution, origin }) => {
    const client = { origin, self: exchange, exchange: institution, key: keys.signing, fetch, now };
    return observeClient(createExchangeClient(client), contacts);
  });
  const relay = {
    exchange,
    key: keys.signing,
    store: stores.relay,
    quota: createQuota(stores.relay, { ...DEFAULT_LIMITS, ...config.relay }, now),
    directory: () => directories.book.view,
    bells: createBells(stores.signals),
    now,
  };
  return {
    ...{ alarm, log, directories, contacts, peers, gateways, relay },
    ...{ evidenceStore, presence, presenceStore, enrolmentStore, visits },
    receipts: createReceiptSource(visits, { ...log, waitForCosignatures: () => witnessing.waitForRound() }),
    witnessing,
    stamping: createExchangeStamping({
      store: evidenceStore,
      authorities: authorities ?? [],
      settings: config.timestamping,
      threshold: config.witnesses?.threshold ?? 0,
      now,
    }),
    witness: createOwnWitness({
      signer: keys.witness,
      logKeys: () => peerLogKeys(directories.book.view, exchange),
      store: stores.witness,
      now,
    }),
    payer: { ask: askPayer, federationKey: keys.federation },
  };
}
