import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createExchangeApp, createGatewayApp, createPayerApp, type RunnableApp, type Surroundings } from '../app.ts';
import { createAskPayer } from '../app/payer-adapter.ts';
import { ConfigError } from '../config/config-error.ts';
import type { ExchangeConfig } from '../config/exchange-config.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { CertificateStatus } from '../contract/certificate-status.ts';
import { createStatusInOrder } from '../presence/certificate-status-in-order.ts';
import { createOcspStatus } from '../presence/certificate-status-ocsp.ts';
import { createHttpAuthority } from '../evidence/time-stamp-authority.ts';
import { createCrlStatus, locateByIssuerKey, addressInCertificate } from '../presence/certificate-status-crl.ts';
import type { Machine } from '../operations/probes.ts';
import { createHttpQualification } from '../qualification/http-qualification.ts';
import { parseWorld } from '../synthetic/world-file.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import {
  readAnchors,
  readDecryptionKey,
  readImmediateSigner,
  readNoteSigner,
  readSecret,
  readSigningKey,
  readToken,
  readWitnessSigner,
} from './key-files.ts';
import { openExchangeStores, openGatewayStores } from './open-stores.ts';

/** An app with the files it has open. */
export interface OpenedApp extends RunnableApp {
  /** Lets go of them, once nothing is being answered any longer. */
  close(): Promise<void>;
}

/**
 * Reads what a configuration names and composes the app of its role.
 *
 * @param configPath paths in the configuration are relative to its folder
 * @throws {ConfigError}
 */
export async function openApp(config: ServerConfig, configPath: string, world: Surroundings): Promise<OpenedApp> {
  const at = (path: string) => resolve(dirname(configPath), path);
  switch (config.role) {
    case 'exchange':
      return openExchange(config, at, world);
    case 'gateway':
      return openGateway(config, at, world);
    case 'payer-simulator':
      return { ...createPayerApp(await readWorld(at(config.world)), world.now), close: () => Promise.resolve() };
  }
}

type Place = (path: string) => string;

async function openExchange(config: ExchangeConfig, at: Place, world: Surroundings): Promise<OpenedApp> {
  const keys = {
    signing: await readSigningKey(at(config.keys.signing)),
    recordSigner: await readImmediateSigner(at(config.keys.signing)),
    log: await readNoteSigner(at(config.keys.log), config.logOrigin),
    federation: await readSecret(at(config.keys.federation)),
    ...(config.keys.nextSigning ? { nextSigning: await readSigningKey(at(config.keys.nextSigning.key)) } : {}),
    ...(await witnessKey(config, at)),
    ...(config.metricsToken === undefined ? {} : { metrics: await readToken(at(config.metricsToken)) }),
  };
  const cards = {
    anchors: await readAnchors(at(config.cards.anchors)),
    world: config.cards.world,
    status: createStatus(config.cards, world),
  };
  const authorities = await Promise.all(
    (config.timestamping?.authorities ?? []).map(async ({ url, anchors }) =>
      createHttpAuthority({ url, anchors: await readAnchors(at(anchors)), fetch: world.fetch, random: fillRandom }),
    ),
  );
  const askPayer = createAskPayer(createHttpQualification({ ...config.payer, fetch: world.fetch }));
  const machine = describeMachine(config.database, at);
  return withStores(await openExchangeStores(config, at, world), (stores) =>
    createExchangeApp({
      machine,
      ...world,
      config,
      keys,
      stores,
      cards,
      askPayer,
      authorities,
      ...appDirectory(config.app, at),
    }),
  );
}

async function openGateway(config: GatewayConfig, at: Place, world: Surroundings): Promise<OpenedApp> {
  const keys = {
    signing: await readSigningKey(at(config.keys.signing)),
    encryption: await readDecryptionKey(at(config.keys.encryption)),
    formerEncryption: await Promise.all(config.keys.formerEncryption.map((path) => readDecryptionKey(at(path)))),
    ...(await witnessKey(config, at)),
    ...(config.metricsToken === undefined ? {} : { metrics: await readToken(at(config.metricsToken)) }),
  };
  const { anchors, world: cardWorld, roles } = config.hpki;
  const signers = {
    anchors: await readAnchors(at(anchors)),
    world: cardWorld,
    allowedRoles: roles,
    status: createStatus(config.hpki, world),
  };
  const demo = config.demoWorld === undefined ? {} : { demoWorld: await readWorld(at(config.demoWorld)) };
  const machine = describeMachine(config.database, at);
  return withStores(await openGatewayStores(config, at, world), (stores) =>
    createGatewayApp({ machine, ...world, config, keys, stores, signers, ...demo, ...appDirectory(config.app, at) }),
  );
}

/** The disk below an embedded database; what a database server has is its own to watch. */
function describeMachine(database: ExchangeConfig['database'], at: Place): Machine {
  return {
    uptimeMs: () => performance.now(),
    async freeBytes() {
      if (typeof database !== 'string') return undefined;
      const { bavail, bsize } = await statfs(dirname(at(database)));
      return bavail * bsize;
    },
  };
}

const fillRandom = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);

async function witnessKey({ witness }: ExchangeConfig | GatewayConfig, at: Place) {
  return witness ? { witness: await readWitnessSigner(at(witness.key), witness.name) } : {};
}

/** Configured responders first, then lists: at configured places, else where a certificate itself names one. */
function createStatus(
  { lists, responders }: Pick<ExchangeConfig['cards'], 'lists' | 'responders'>,
  { fetch, now }: Surroundings,
): CertificateStatus {
  const configured = locateByIssuerKey(new Map(Object.entries(lists)));
  const crl = createCrlStatus({
    fetch,
    now,
    locate: (certificate, issuer) => configured(certificate, issuer) ?? addressInCertificate(certificate),
  });
  const ocsp = createOcspStatus({
    fetch,
    now,
    fillRandom: (bytes) => crypto.getRandomValues(bytes),
    locate: locateByIssuerKey(new Map(Object.entries(responders))),
  });
  return createStatusInOrder(ocsp, crl);
}

async function withStores<Stores extends { close(): Promise<void> }>(
  stores: Stores,
  create: (stores: Stores) => Promise<RunnableApp>,
): Promise<OpenedApp> {
  try {
    return { ...(await create(stores)), close: () => stores.close() };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** @throws {ConfigError} when the folder holds no built app */
function appDirectory(app: string | undefined, at: Place): { readonly appDirectory?: string } {
  if (app === undefined) return {};
  const folder = at(app);
  if (!existsSync(join(folder, 'index.html')))
    throw new ConfigError('config_unreadable', `${folder} holds no built app`);
  return { appDirectory: folder };
}

async function readWorld(path: string): Promise<SyntheticWorld> {
  try {
    return parseWorld(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError('config_unreadable', `${path} is not a synthetic world`, { cause });
  }
}
