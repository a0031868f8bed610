import type { RsaPublicJwk } from '../contract/binding.ts';
import { Problem } from '../contract/problem.ts';
import { isSignedWith, readCardPublicKey } from './card-public-key.ts';
import { readTlvObjects } from './tlv-reader.ts';

/** A pinned CA for card-verifiable certificates: `5000033` signs for the text application, test cards have `6000033`. */
export interface CardAuthority {
  readonly number: string;
  readonly key: RsaPublicJwk;
}

const KEY_IDENTIFIER_SIZE_BYTES = 16;
const KEY_NUMBER_DIGITS = 7;

/**
 * E9: the text application's key from its signed record (EF 0007, `FF50 { DF51 key, DF52 signature }`), verified with the
 * issuer's key from the card-verifiable certificate (EF 0004, `7F21 { 5F4E, 5F37 }`), verified with the pinned CA.
 *
 * @throws {Problem} `enrolment_record_untrusted`
 */
export function verifyCardKeyRecord(
  record: Uint8Array,
  certificate: Uint8Array,
  authorities: readonly CardAuthority[],
): RsaPublicJwk {
  const issuerKey = verifyIssuerCertificate(certificate, authorities);
  const [whole] = readTlvObjects(record, [0xff50]);
  const [key, signature] = whole ? readTlvObjects(whole.value, [0xdf51, 0xdf52]) : [];
  if (!key || !signature || !isSignedWith(issuerKey, key.raw, signature.value)) {
    throw new Problem('enrolment_record_untrusted', "the record is not signed by the card's issuer");
  }
  return readCardPublicKey(key.value);
}

/** The body is the issuer's and the subject's key identifier and the subject's key; the issuer signs all of it. */
function verifyIssuerCertificate(certificate: Uint8Array, authorities: readonly CardAuthority[]): RsaPublicJwk {
  const [whole] = readTlvObjects(certificate, [0x7f21]);
  const [body, signature] = whole ? readTlvObjects(whole.value, [0x5f4e, 0x5f37]) : [];
  if (!body || !signature) throw new Problem('enrolment_record_untrusted', 'no card-verifiable certificate');
  const number = new TextDecoder('latin1').decode(body.value.subarray(0, KEY_NUMBER_DIGITS));
  const isTrusted = authorities.some(
    (authority) => authority.number === number && isSignedWith(authority.key, body.value, signature.value),
  );
  if (!isTrusted) throw new Problem('enrolment_record_untrusted', 'no pinned authority signed the certificate');
  return readCardPublicKey(body.value.subarray(2 * KEY_IDENTIFIER_SIZE_BYTES));
}
