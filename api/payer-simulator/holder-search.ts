import { parseCertificate } from '../contract/certificate.ts';
import { CertificateError, type CertificateErrorCode } from '../contract/certificate-error.ts';
import { digestBase64Url, encodeBase64, parseBase64 } from '../contract/encoding.ts';
import { verifyJpkiCertificate } from '../contract/jpki-certificate.ts';
import type { SyntheticPerson } from '../synthetic/people/person.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { isRevoked } from '../synthetic/x509/revoked-entry.ts';

/** Who holds a certificate, or why the payer will not say. */
export type HolderAnswer =
  | { readonly kind: 'holder'; readonly person: SyntheticPerson | undefined }
  | { readonly kind: 'refused'; readonly code: CertificateErrorCode };

/** Finds people by their cards' certificates, after the checks that the payer makes for itself. */
export function createHolderSearch(
  world: SyntheticWorld,
): (certificate: Uint8Array, at: Date) => Promise<HolderAnswer> {
  const people = new Map(world.people.map((person) => [person.cardId, person]));
  const holders = new Map(
    world.cards.mynumber.map((card) => [digestBase64Url(parseBase64(card.authCertificate)), people.get(card.id)]),
  );
  const anchors = world.jpki.auth.map(({ certificate }) => parseCertificate(parseBase64(certificate)));

  return async (der, at) => {
    try {
      const { certificate, issuer } = await verifyJpkiCertificate(der, { anchors, world: 'test', at });
      const authority = world.jpki.auth.find((ca) => ca.certificate === encodeBase64(issuer.der));
      if (!authority || isRevoked(authority, certificate.serialNumber, at)) {
        return { kind: 'refused', code: 'certificate_revoked' };
      }
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      return { kind: 'refused', code: error.code };
    }
    return { kind: 'holder', person: holders.get(digestBase64Url(der)) };
  };
}
