import { EXTENSION_OID } from '../../contract/certificate-extensions.ts';
import { type Bytes, TAG, encodeDer } from '../../contract/der.ts';
import type { SyntheticAuthority } from './authority.ts';
import { issuingDistributionPoint } from './list-location.ts';
import { createName } from './name-template.ts';
import { Extension, X509CrlGenerator, X509CrlReason } from './peculiar.ts';
import { signerOf } from './signer.ts';

/**
 * An authority's list of revoked certificates (RFC 5280 §5), signed now; entries of the future are left out.
 *
 * Every entry has a reason: for one without, the library writes an empty list of entry extensions, which RFC 5280 §5.1
 * does not allow and a strict reader refuses.
 */
export async function issueCertificateList(
  authority: SyntheticAuthority,
  { thisUpdate, nextUpdate }: { readonly thisUpdate: Date; readonly nextUpdate: Date },
): Promise<Bytes> {
  const { key, keyId } = await signerOf(authority);
  const list = await X509CrlGenerator.create({
    issuer: createName(authority.subject),
    thisUpdate,
    nextUpdate,
    entries: authority.revoked
      .filter(({ at }) => new Date(at) <= thisUpdate)
      .map(({ serialNumber, at, reason }) => ({
        serialNumber,
        revocationDate: new Date(at),
        reason: X509CrlReason[reason],
      })),
    extensions: [keyId, listNumber(thisUpdate), issuingDistributionPoint(authority.listLocation)],
    signingAlgorithm: key.algorithm,
    signingKey: key,
  });
  return new Uint8Array(list.rawData);
}

/** The seconds since 1970, which only grow (RFC 5280 §5.2.3). */
function listNumber(at: Date): Extension {
  const seconds = Math.floor(at.getTime() / 1000);
  const octets = [24, 16, 8, 0].map((shift) => (seconds >>> shift) & 0xff);
  // From 2038 on the first bit would be a sign.
  if (seconds > 0x7fffffff) octets.unshift(0);
  return new Extension(EXTENSION_OID.crlNumber, false, encodeDer(TAG.integer, Uint8Array.from(octets)));
}
