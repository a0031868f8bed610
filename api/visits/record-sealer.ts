import { KeyObject, randomBytes, sign } from 'node:crypto';
import { encodeBase64Url, encodeUtf8 } from '../contract/encoding.ts';
import { commitRecord, SALT_SIZE } from '../contract/evidence/commitment.ts';
import type { SigningKey } from '../contract/jose.ts';
import { recordHash, type VisitRecord } from '../contract/visit-record.ts';
import type { SealedVisit } from '../storage/visits.ts';

/**
 * Signs visit records without waiting: a record's place in its chains is known only inside the transaction that stores
 * it, and a transaction cannot wait for a promise. The result is the JWS that `signVisitRecord` makes.
 */
export function createRecordSealer(key: SigningKey): (record: VisitRecord) => SealedVisit {
  const privateKey = KeyObject.from(key.privateKey);
  const header = encodeJson({ alg: 'ES256', typ: 'visit+jwt', kid: key.kid });
  return (visit) => {
    const input = `${header}.${encodeJson(visit)}`;
    // RFC 7518 §3.4: the two numbers side by side, not as DER.
    const signature = sign('sha256', encodeUtf8(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const record = `${input}.${encodeBase64Url(signature)}`;
    const salt = new Uint8Array(randomBytes(SALT_SIZE));
    return { record, recordHash: recordHash(record), salt, commitment: commitRecord(record, salt) };
  };
}

const encodeJson = (value: object): string => encodeBase64Url(encodeUtf8(JSON.stringify(value)));
