import { type Directory } from '../../api/contract/directory.ts';
import { EcPublicJwk } from '../../api/contract/ec-public-jwk.ts';
import {
  createDecryptionJwk,
  createSigningJwk,
  importDecryptionKey,
  importSigningKey,
  type DecryptionKey,
  type JWK,
  type SigningKey,
} from '../../api/contract/jose.ts';

/** Private keys of one party, to be handed to another process. */
export interface PartyJwks {
  readonly id: string;
  readonly signing: JWK;
  readonly encryption: JWK;
}

export interface Party {
  readonly id: string;
  readonly signing: SigningKey;
  readonly encryption: DecryptionKey;
}

/** An exchange with the institutions behind it, each its own network. */
export interface ExchangeParty {
  readonly id: string;
  readonly key: SigningKey;
  readonly members: readonly Party[];
}

export const createPartyJwks = async (id: string): Promise<PartyJwks> => ({
  id,
  signing: await createSigningJwk(),
  encryption: await createDecryptionJwk(),
});

export const importParty = async ({ id, signing, encryption }: PartyJwks): Promise<Party> => ({
  id,
  signing: await importSigningKey(signing),
  encryption: await importDecryptionKey(encryption),
});

const YEAR_MS = 365 * 86_400_000;
const name = (text: string) => ({ ja: text, en: text });
const networkOf = (id: string) => id.slice(0, id.indexOf('/'));

/** What an exchange says of itself and of those it pinned. */
export function describeExchange({ id, key, members }: ExchangeParty, peers: readonly ExchangeParty[]): Directory {
  const now = Date.now();
  return {
    ...{ version: 1, iss: id, name: name(id), serial: 1, logKeys: [] },
    issuedAt: new Date(now).toISOString(),
    expires: new Date(now + YEAR_MS).toISOString(),
    signingKeys: [EcPublicJwk.parse(key.publicJwk)],
    networks: members.map((member) => ({ id: networkOf(member.id), name: name(member.id) })),
    institutions: members.map((member) => ({
      id: member.id,
      name: name(member.id),
      signingKeys: [EcPublicJwk.parse(member.signing.publicJwk)],
      encryptionKeys: [EcPublicJwk.parse(member.encryption.publicJwk)],
    })),
    peers: peers
      .filter((peer) => peer.id !== id)
      .map((peer) => ({
        ...{ id: peer.id, name: name(peer.id), origin: `http://${peer.id}.example` },
        signingKeys: [EcPublicJwk.parse(peer.key.publicJwk)],
      })),
  };
}
