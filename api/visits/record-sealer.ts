import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { flattenEcSignature } from '../contract/ecdsa-signature.ts';
import { digest, encodeBase64Url, encodeUtf8 } from '../contract/encoding.ts';
import { commitHash, SALT_SIZE } from '../contract/evidence/commitment.ts';
import { publicPart, thumbprint, type JWK } from '../contract/jose.ts';
import type { VisitRecord } from '../contract/visit-record.ts';
import type { SealedVisit } from '../storage/visits.ts';

/** Signs with ES256 without waiting: 64 bytes, the two numbers side by side (RFC 7518 §3.4). */
export interface ImmediateSigner {
  /** RFC 7638 thumbprint of the public half. */
  readonly kid: string;
  sign(message: Uint8Array): Uint8Array;
}

/** A signer with a P-256 key. The key is handed over without options: with them OpenSSL's signature takes twice as long. */
export async function createImmediateSigner(privateJwk: JWK): Promise<ImmediateSigner> {
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  return {
    kid: await thumbprint(publicPart(privateJwk)),
    sign: (message) => flattenEcSignature(new Uint8Array(sign('sha256', message, key)), 32),
  };
}

/**
 * Signs visit records without waiting: a record's place in its chains is known only inside the transaction that stores
 * it, and a transaction cannot wait for a promise. The result is the JWS that `signVisitRecord` makes.
 */
export function createRecordSealer(signer: ImmediateSigner): (record: VisitRecord) => SealedVisit {
  const header = encodeJson({ alg: 'ES256', typ: 'visit+jwt', kid: signer.kid });
  return (visit) => {
    const input = `${header}.${encodeJson(visit)}`;
    const record = `${input}.${encodeBase64Url(signer.sign(encodeUtf8(input)))}`;
    const salt = new Uint8Array(randomBytes(SALT_SIZE));
    const hash = digest(record);
    return { record, recordHash: encodeBase64Url(hash), salt, commitment: commitHash(hash, salt) };
  };
}

const encodeJson = (value: object): string => encodeBase64Url(encodeUtf8(JSON.stringify(value)));
