import type { DirectoryInstitution } from '../contract/directory.ts';
import type { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import type { LocalName } from '../contract/ids.ts';
import { placesOfLists } from '../payer-simulator/authority-publication.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import type { KeyRing } from './key-ring.ts';
import type { NodeConfig, NodeName, Origins } from './nodes.ts';

export interface NetworkDescription {
  readonly world: SyntheticWorld;
  readonly worldPath: string;
  readonly keys: KeyRing;
  readonly origins: Origins;
  readonly folder: (name: string) => string;
  readonly appDirectory?: string;
  /** Writes base64 DER certificates as one PEM file; resolves with its path. */
  readonly writePem: (name: string, certificates: readonly string[]) => Promise<string>;
}

const EXCHANGES = {
  east: { name: { ja: '東日本 医療情報中継センター(模擬)', en: 'EAST exchange (synthetic)' }, networks: ['sakura'] },
  west: { name: { ja: '西日本 医療情報中継センター(模擬)', en: 'WEST exchange (synthetic)' }, networks: ['hoshi'] },
} as const;

const NETWORK_NAMES = {
  sakura: { ja: 'さくら地域医療ネットワーク(模擬)', en: 'Sakura regional network (synthetic)' },
  hoshi: { ja: 'ほし地域医療ネットワーク(模擬)', en: 'Hoshi regional network (synthetic)' },
} as const satisfies Record<string, LocalName>;

/** Who runs every server of the demonstration; the key is `keys/operator-signing.json`. */
export const DEMO_OPERATOR = 'operator';

type ExchangeName = keyof typeof EXCHANGES;

const other = (name: ExchangeName): ExchangeName => (name === 'east' ? 'west' : 'east');
const logOrigin = (name: ExchangeName): string => `tsunagi.invalid/demo/${name}`;

const witnessName = (node: NodeName): string => `tsunagi.invalid/demo/witness/${node}`;
/** Each log is watched by everybody but its own operator; two of the three suffice, so that one may be away. */
const WITNESSES = {
  east: ['west', 'gateway-a', 'gateway-b'],
  west: ['east', 'gateway-a', 'gateway-b'],
} as const satisfies Record<ExchangeName, readonly NodeName[]>;
const WITNESS_THRESHOLD = 2;

/** The configuration of every server of the demonstration: two exchanges that pinned each other, an institution behind each. */
export async function describeNetwork(network: NetworkDescription): Promise<Readonly<Record<NodeName, NodeConfig>>> {
  const { world, origins, keys, folder } = network;
  const members = {
    east: await describeInstitution(network, 'gateway-a', world.institutions.a),
    west: await describeInstitution(network, 'gateway-b', world.institutions.b),
  };
  const exchangeKeys = { east: await keys.signing('east'), west: await keys.signing('west') };
  const lists = Object.fromEntries(placesOfLists(world, origins.payer));
  const jpki = await network.writePem(
    'jpki.pem',
    world.jpki.auth.map(({ certificate }) => certificate),
  );
  const hpki = await network.writePem('hpki.pem', [world.hpki.root.certificate]);
  const app = network.appDirectory === undefined ? {} : { app: network.appDirectory };
  const operators = [{ name: DEMO_OPERATOR, key: (await keys.signing(DEMO_OPERATOR)).publicKey }];
  const metricsToken = await keys.secret('metrics-token');
  const place = (name: NodeName) => ({
    listen: { host: '127.0.0.1', port: Number(new URL(origins[name]).port) },
    origin: origins[name],
  });
  const pinned = (name: ExchangeName) => ({
    id: name,
    name: EXCHANGES[name].name,
    origin: origins[name],
    signingKeys: [exchangeKeys[name].publicKey],
  });

  const witness = async (name: NodeName) => ({
    name: witnessName(name),
    key: (await keys.witness(name, witnessName(name))).path,
  });
  const askWitness = async (name: NodeName) => ({
    key: (await keys.witness(name, witnessName(name))).verifierKey,
    prefix: `${origins[name]}/evidence/witness`,
  });
  const exchange = async (name: ExchangeName): Promise<NodeConfig> => ({
    role: 'exchange',
    ...place(name),
    ...app,
    ...{ operators, metricsToken },
    database: folder(`database/${name}.sqlite`),
    id: name,
    name: EXCHANGES[name].name,
    keys: {
      signing: exchangeKeys[name].path,
      log: (await keys.log(name, logOrigin(name))).path,
      federation: await keys.secret('federation'),
    },
    logOrigin: logOrigin(name),
    witness: await witness(name),
    witnesses: { threshold: WITNESS_THRESHOLD, ask: await Promise.all(WITNESSES[name].map(askWitness)) },
    networks: EXCHANGES[name].networks.map((id) => ({ id, name: NETWORK_NAMES[id] })),
    institutions: [members[name]],
    peers: [pinned(other(name))],
    cards: {
      anchors: jpki,
      world: 'test',
      lists,
      authorities: [world.cardIssuers.text].map(({ ca }) => ({ number: ca.identifier.number, key: ca.publicKey })),
    },
    payer: { origin: origins.payer },
  });
  const gateway = async (name: 'gateway-a' | 'gateway-b', exchangeName: ExchangeName): Promise<NodeConfig> => ({
    role: 'gateway',
    ...place(name),
    ...app,
    ...{ operators, metricsToken },
    database: folder(`database/${name}.sqlite`),
    institution: { id: members[exchangeName].id, name: members[exchangeName].name },
    keys: { signing: (await keys.signing(name)).path, encryption: (await keys.encryption(name)).path },
    exchange: {
      ...pinned(exchangeName),
      logKeys: [(await keys.log(exchangeName, logOrigin(exchangeName))).verifierKey],
    },
    witness: await witness(name),
    hpki: { anchors: hpki, world: 'test', lists },
    demoWorld: network.worldPath,
  });

  return {
    payer: { role: 'payer-simulator', ...place('payer'), world: network.worldPath },
    east: await exchange('east'),
    west: await exchange('west'),
    'gateway-a': await gateway('gateway-a', 'east'),
    'gateway-b': await gateway('gateway-b', 'west'),
  };
}

async function describeInstitution(
  { keys }: NetworkDescription,
  node: NodeName,
  { id, name }: { readonly id: string; readonly name: LocalName },
): Promise<DirectoryInstitution> {
  const publicKey = async (half: Promise<{ readonly publicKey: EcPublicJwk }>) => [(await half).publicKey];
  return {
    id,
    name,
    signingKeys: await publicKey(keys.signing(node)),
    encryptionKeys: await publicKey(keys.encryption(node)),
  };
}
