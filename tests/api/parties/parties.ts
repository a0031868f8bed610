import { signDirectory, type Directory } from '#api/contract/directory.ts';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import {
  createDecryptionJwk,
  createSigningJwk,
  importDecryptionKey,
  importSigningKey,
  type DecryptionKey,
  type SigningKey,
} from '#api/contract/jose.ts';

/** The instant at which these tests take place. */
export const NOW = new Date('2026-11-20T03:00:00Z');
export const later = (ms: number): Date => new Date(NOW.getTime() + ms);
export const DAY_MS = 86_400_000;

/** A clock that stands until it is set. */
export function createClock(start = NOW) {
  let time = start;
  return { now: () => time, set: (to: Date) => void (time = to) };
}

export interface TestInstitution {
  readonly id: string;
  readonly signing: SigningKey;
  readonly encryption: DecryptionKey;
}

export interface TestExchange {
  readonly id: string;
  readonly key: SigningKey;
  readonly network: string;
  readonly member: TestInstitution;
}

const publicJwk = ({ publicJwk: jwk }: { readonly publicJwk: object }) => EcPublicJwk.parse(jwk);
const name = (text: string) => ({ ja: text, en: text });

export const createKey = async (): Promise<SigningKey> => importSigningKey(await createSigningJwk());

export async function createExchange(id: string, network: string): Promise<TestExchange> {
  const member = {
    id: `${network}/1310000012`,
    signing: await createKey(),
    encryption: await importDecryptionKey(await createDecryptionJwk()),
  };
  return { id, network, key: await createKey(), member };
}

/** EAST with network sakura (A), WEST with network hoshi (B). */
export async function createParties() {
  const [east, west] = await Promise.all([createExchange('east', 'sakura'), createExchange('west', 'hoshi')]);
  return { east, west };
}

/** What an exchange says of itself. */
export const describe = (
  exchange: TestExchange,
  peers: readonly TestExchange[] = [],
  change: Partial<Directory> = {},
) =>
  ({
    version: 1,
    iss: exchange.id,
    name: name(exchange.id),
    serial: 1,
    issuedAt: NOW.toISOString(),
    expires: later(7 * DAY_MS).toISOString(),
    signingKeys: [publicJwk(exchange.key)],
    logKeys: [],
    networks: [{ id: exchange.network, name: name(exchange.network) }],
    institutions: [
      {
        id: exchange.member.id,
        name: name(exchange.member.id),
        signingKeys: [publicJwk(exchange.member.signing)],
        encryptionKeys: [publicJwk(exchange.member.encryption)],
      },
    ],
    peers: peers.map((peer) => ({
      ...{ id: peer.id, name: name(peer.id), origin: `https://${peer.id}.example`, signingKeys: [publicJwk(peer.key)] },
    })),
    ...change,
  }) satisfies Directory;

export const pin = ({ id, key }: TestExchange) => ({ id, signingKeys: [key.publicJwk] });

export const signed = (exchange: TestExchange, peers: readonly TestExchange[] = [], change: Partial<Directory> = {}) =>
  signDirectory(describe(exchange, peers, change), exchange.key);
