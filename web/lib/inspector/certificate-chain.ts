import { type Certificate, isSameBytes, parseCertificate } from '#api/contract/certificate.ts';
import { CertificateError } from '#api/contract/certificate-error.ts';
import { isSignedBy } from '#api/contract/certificate-signature.ts';
import { type CertificateFacts, describeCertificate } from './certificate-facts.ts';
import { findKnownAuthority, type KnownAuthority } from './known-authorities.ts';

/** Whose key made a certificate's signature, as far as the certificates on the card can tell. */
export type Signer = 'next' | 'itself' | 'unknown';

export interface ChainLink {
  readonly facts: CertificateFacts;
  readonly signedBy: Signer;
  /** A published authority, recognised by its bytes. */
  readonly known: KnownAuthority | undefined;
}

/**
 * From a certificate upwards, each with the one whose key signed it. Every signature in it was computed; whether the end
 * is to be trusted is the verifier's decision, since all of it came from the card.
 */
export type CertificateChain = readonly [ChainLink, ...ChainLink[]];

const MAXIMUM_LINKS = 6;

/** `undefined` when the first is no certificate; authorities that are none are passed over. */
export async function readChain(
  certificate: Uint8Array,
  authorities: readonly Uint8Array[],
): Promise<CertificateChain | undefined> {
  const leaf = parseOrNothing(certificate);
  if (!leaf) return undefined;
  const candidates = authorities.map(parseOrNothing).filter((found) => found !== undefined);
  const links: [ChainLink, ...ChainLink[]] = [await describeLink(leaf, candidates)];
  for (let issuer = await findIssuer(leaf, candidates); issuer && links.length < MAXIMUM_LINKS;) {
    const link = await describeLink(issuer, candidates);
    links.push(link);
    issuer = link.signedBy === 'next' ? await findIssuer(issuer, candidates) : undefined;
  }
  return links;
}

async function describeLink(certificate: Certificate, candidates: readonly Certificate[]): Promise<ChainLink> {
  const issuer = await findIssuer(certificate, candidates);
  const isSelfSigned = !issuer && (await isSignedBy(certificate, certificate.publicKey));
  return {
    facts: describeCertificate(certificate),
    signedBy: issuer ? 'next' : isSelfSigned ? 'itself' : 'unknown',
    known: await findKnownAuthority(certificate.der),
  };
}

/** By key, not by name: generations of one authority share their name. */
async function findIssuer(
  certificate: Certificate,
  candidates: readonly Certificate[],
): Promise<Certificate | undefined> {
  for (const candidate of candidates) {
    if (isSameBytes(candidate.der, certificate.der)) continue;
    if (await isSignedBy(certificate, candidate.publicKey)) return candidate;
  }
  return undefined;
}

function parseOrNothing(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
