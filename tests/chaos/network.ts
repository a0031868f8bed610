import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import type { ExchangeConfig } from '#api/config/exchange-config.ts';
import { openKeyRing } from '#api/demo/key-ring.ts';
import { createAuthority } from '#api/synthetic/x509/authority.ts';
import { exportRsaPublicKey, generateRsaKeyPair } from '#api/synthetic/x509/key-pair.ts';

export const EXCHANGES = ['east', 'west'] as const;
export type ExchangeName = (typeof EXCHANGES)[number];

/** Two gateways behind EAST, one behind WEST: letters go round inside one exchange and over the border. */
export const GATEWAYS = [
  { name: 'a', exchange: 'east', institution: 'sakura/1310000012' },
  { name: 'b', exchange: 'west', institution: 'hoshi/2710000034' },
  { name: 'c', exchange: 'east', institution: 'sakura/1310000020' },
] as const satisfies readonly { name: string; exchange: ExchangeName; institution: string }[];
export type GatewayName = (typeof GATEWAYS)[number]['name'];

/** Where one party keeps things: a file, or a schema of a PostgreSQL database. */
export type Place = string | { readonly url: string; readonly schema: string; readonly connections: number };

/** What a gateway's process is told. */
export interface GatewayPlan {
  readonly name: GatewayName;
  readonly institution: string;
  readonly database: Place;
  readonly keys: { readonly signing: string; readonly encryption: string };
  readonly exchange: { readonly id: ExchangeName; readonly origin: string; readonly signingKeys: readonly unknown[] };
  readonly recipients: readonly string[];
  /** Letters that it writes in all. */
  readonly letters: number;
  readonly seed: number;
}

export interface NetworkPlan {
  readonly folder: string;
  readonly letters: number;
  readonly seed: number;
  readonly ports: Readonly<Record<ExchangeName, readonly number[]>>;
  /** What stands before each exchange's processes. */
  readonly origins: Readonly<Record<ExchangeName, string>>;
  readonly placeOf: (party: ExchangeName | GatewayName) => Place;
}

/** Writes keys and configurations; resolves with the configuration files by party, one for each process. */
export async function describeNetwork(plan: NetworkPlan) {
  const { folder, origins } = plan;
  const config = join(folder, 'config');
  await mkdir(config, { recursive: true });
  const keys = await openKeyRing(join(folder, 'keys'));
  // One after the other: two who want the same key file at once would each make one.
  for (const { name } of GATEWAYS) {
    await keys.signing(name);
    await keys.encryption(name);
  }
  for (const name of EXCHANGES) await keys.signing(name);
  await keys.secret('federation');
  const logKey = async (name: ExchangeName) => (await keys.log(name, `chaos.invalid/${name}`)).path;
  const logs = { east: await logKey('east'), west: await logKey('west') };
  const cards = await describeCards(config);
  const publicKeys = async (half: Promise<{ readonly publicKey: unknown }>) => [(await half).publicKey];
  const label = (name: string) => ({ ja: name, en: name });

  const pinned = async (name: ExchangeName) => ({
    ...{ id: name, name: label(name), origin: origins[name] },
    signingKeys: [(await keys.signing(name)).publicKey],
  });
  async function exchange(name: ExchangeName, port: number): Promise<z.input<typeof ExchangeConfig>> {
    const members = GATEWAYS.filter((gateway) => gateway.exchange === name);
    const network = members[0]?.institution.split('/')[0] ?? '';
    const institutions = members.map(async (gateway) => ({
      ...{ id: gateway.institution, name: label(gateway.name) },
      signingKeys: [(await keys.signing(gateway.name)).publicKey],
      encryptionKeys: [(await keys.encryption(gateway.name)).publicKey],
    }));
    return {
      ...{ role: 'exchange', id: name, name: label(name), logOrigin: `chaos.invalid/${name}` },
      ...{ listen: { host: '127.0.0.1', port }, origin: origins[name], database: plan.placeOf(name) },
      keys: {
        signing: (await keys.signing(name)).path,
        log: logs[name],
        federation: await keys.secret('federation'),
      },
      networks: [{ id: network, name: label(network) }],
      institutions: await Promise.all(institutions),
      peers: [await pinned(name === 'east' ? 'west' : 'east')],
      cards,
      payer: { origin: 'http://127.0.0.1:9' },
    };
  }

  const write = async (name: string, content: object) => {
    const path = join(config, `${name}.json`);
    await writeFile(path, JSON.stringify(content, null, 2));
    return path;
  };
  const exchanges = EXCHANGES.flatMap((name) =>
    plan.ports[name].map(async (port, i) => ({
      name: `${name}-${i + 1}`,
      exchange: name,
      path: await write(`${name}-${i + 1}`, await exchange(name, port)),
    })),
  );
  const gateways = GATEWAYS.map(async ({ name, institution, exchange: at }, i) => {
    const gateway: GatewayPlan = {
      ...{ name, institution, database: plan.placeOf(name), seed: plan.seed + i },
      keys: { signing: (await keys.signing(name)).path, encryption: (await keys.encryption(name)).path },
      exchange: { id: at, origin: origins[at], signingKeys: await publicKeys(keys.signing(at)) },
      recipients: GATEWAYS.filter((other) => other.name !== name).map((other) => other.institution),
      letters: Math.floor((plan.letters + GATEWAYS.length - 1 - i) / GATEWAYS.length),
    };
    return { name, plan: gateway, path: await write(`gateway-${name}`, gateway) };
  });
  return { exchanges: await Promise.all(exchanges), gateways: await Promise.all(gateways) };
}

/** Nobody shows a card here; the configuration names somebody who could have issued one. */
async function describeCards(folder: string): Promise<z.input<typeof ExchangeConfig>['cards']> {
  const pair = await generateRsaKeyPair();
  const subject = [['commonName', 'Nobody']] as const;
  const authority = await createAuthority(
    {
      ...{ id: 'nobody', subject, serialNumber: Uint8Array.of(1), listLocation: { url: 'http://127.0.0.1:9/crl' } },
      ...{ notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') },
    },
    pair,
  );
  const anchors = join(folder, 'nobody.pem');
  await writeFile(anchors, `-----BEGIN CERTIFICATE-----\n${authority.certificate}\n-----END CERTIFICATE-----\n`);
  return { anchors, world: 'test', authorities: [{ number: '5000033', key: exportRsaPublicKey(pair.publicKey) }] };
}
