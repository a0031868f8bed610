import { type KeyObject, sign } from 'node:crypto';
import {
  type Base64,
  type KeyIdentifier,
  type RsaPrivateJwk,
  type RsaPublicJwk,
  encodeVerifiableCertificate,
  encodeVerifiableCertificateBody,
} from 'webusb-ccid/simulated';
import { encodeBase64 } from '../contract/encoding.ts';
import { exportRsaPrivateKey, exportRsaPublicKey, generateRsaKeyPairs, importRsaPrivateKey } from './x509/key-pair.ts';

/**
 * Who signs the records of one card application: a CA for card-verifiable certificates, and the issuer whose key the
 * certificate in EF 0004 carries. Both keys are kept so that more cards can be made.
 */
export interface CardIssuer {
  /** What a verifier pins: the CA's key and the name it is known by. */
  readonly ca: { readonly identifier: KeyIdentifier; readonly publicKey: RsaPublicJwk };
  readonly caPrivateKey: RsaPrivateJwk;
  readonly issuerPrivateKey: RsaPrivateJwk;
  /** EF 0004, the same on every card of this issuer. */
  readonly cvc: Base64;
}

/** Key numbers of the test hierarchy; production has 5000033 and 5000023. */
const CA_NUMBERS = { text: '6000033', surface: '6000023' } as const;
const ISSUER_NUMBERS = { text: '6100033', surface: '6100023' } as const;

/** A new CA and issuer with fresh keys for one application. */
export async function createCardIssuer(application: 'text' | 'surface'): Promise<CardIssuer> {
  const [caKeys, issuerKeys] = await generateRsaKeyPairs(2);
  if (!caKeys || !issuerKeys) throw new RangeError('two keys');
  const identifier = { number: CA_NUMBERS[application], group: '001' };
  const body = encodeVerifiableCertificateBody({
    issuer: identifier,
    subject: { number: ISSUER_NUMBERS[application], group: '000' },
    publicKey: exportRsaPublicKey(issuerKeys.publicKey),
  });
  return {
    ca: { identifier, publicKey: exportRsaPublicKey(caKeys.publicKey) },
    caPrivateKey: exportRsaPrivateKey(caKeys.privateKey),
    issuerPrivateKey: exportRsaPrivateKey(issuerKeys.privateKey),
    cvc: encodeBase64(encodeVerifiableCertificate(body, signRecord(body, caKeys.privateKey))),
  };
}

/** RSASSA-PKCS1-v1_5 with SHA-256: how every record on the card is signed. */
export function signRecord(body: Uint8Array, key: KeyObject | RsaPrivateJwk): Uint8Array {
  return sign('sha256', body, 'kty' in key ? importRsaPrivateKey(key) : key);
}
