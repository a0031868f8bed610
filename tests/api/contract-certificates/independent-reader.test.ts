import { describe, expect, it } from 'vitest';
import { type Certificate, parseCertificate } from '#api/contract/certificate.ts';
import { KEY_USAGES } from '#api/contract/certificate-extensions.ts';
import { isSignedBy } from '#api/contract/certificate-signature.ts';
import { encodeHex } from '#api/contract/hex.ts';
import { parsePemCertificates } from '#api/contract/pem.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  CertificatePolicyExtension,
  KeyUsagesExtension,
  type Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from '#api/synthetic/x509/peculiar.ts';
import { readVector } from '../../vectors.ts';

const bytes = (buffer: ArrayBuffer) => new Uint8Array(buffer);

function readPem(name: string): Uint8Array | undefined {
  const text = readVector(name);
  return text && parsePemCertificates(new TextDecoder().decode(text))[0];
}

const AUTHORITIES: readonly (readonly [name: string, der: Uint8Array | undefined])[] = [
  ...['hpki-ca-mhlw-root-v2', 'hpki-ca-medis-sign', 'hpki-ca-medis-auth'].map(
    (name) => [name, readVector(`hpki/${name}.der`)] as const,
  ),
  ...['auth_ca_2015', 'auth_ca_2023', 'sign_ca_2015', 'sign_ca_2023'].map(
    (name) => [name, readPem(`jpki/${name}.pem`)] as const,
  ),
];
const present = AUTHORITIES.flatMap(([name, der]) => (der ? [{ name, der }] : []));
const all = present.length === AUTHORITIES.length;
const title = `a reader that others wrote, on real authorities${all ? '' : ' (skipped: vectors/hpki or vectors/jpki is absent)'}`;

const textsOf = (name: Name) => name.toJSON().flatMap((part) => Object.values(part).flat());
const rawOf = ({ raw }: { readonly raw: Uint8Array }) => encodeHex(raw);

/** What the other reader found, in the words of ours. */
function readIndependently(der: Uint8Array) {
  const certificate = new X509Certificate(Uint8Array.from(der));
  const flags = certificate.getExtension(KeyUsagesExtension)?.usages ?? 0;
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  return {
    serialNumber: certificate.serialNumber,
    subject: bytes(certificate.subjectName.toArrayBuffer()),
    subjectTexts: textsOf(certificate.subjectName),
    issuer: bytes(certificate.issuerName.toArrayBuffer()),
    issuerTexts: textsOf(certificate.issuerName),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    publicKey: bytes(certificate.publicKey.rawData),
    signature: bytes(certificate.signature),
    extensions: certificate.extensions.map(({ type, critical, value }) => [type, critical, bytes(value)]),
    keyUsage: KEY_USAGES.filter((_, bit) => flags & (1 << bit)),
    isCa: constraints?.ca ?? false,
    pathLength: constraints?.pathLength,
    subjectKeyId: certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId,
    authorityKeyId: certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId,
    policies: certificate.getExtension(CertificatePolicyExtension)?.policies ?? [],
    subjectAltNames: (certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? []).map((name) =>
      encodeHex(bytes(name.rawData)),
    ),
    addresses: (certificate.getExtension(CRLDistributionPointsExtension)?.distributionPoints ?? []).flatMap((point) =>
      (point.distributionPoint?.fullName ?? []).flatMap((name) => name.uniformResourceIdentifier ?? []),
    ),
  };
}

function readStrictly(certificate: Certificate): ReturnType<typeof readIndependently> {
  const { serialNumber, subject, issuer, notBefore, notAfter, publicKey, signature, policies } = certificate;
  return {
    serialNumber: encodeHex(serialNumber),
    subject: subject.raw,
    subjectTexts: subject.attributes.map(({ text }) => text),
    issuer: issuer.raw,
    issuerTexts: issuer.attributes.map(({ text }) => text),
    notBefore,
    notAfter,
    publicKey: publicKey.spki,
    signature,
    extensions: [...certificate.extensions].map(([oid, { critical, value }]) => [oid, critical, value]),
    keyUsage: [...(certificate.keyUsage ?? [])],
    isCa: certificate.basicConstraints.isCa,
    pathLength: certificate.basicConstraints.pathLength,
    subjectKeyId: certificate.subjectKeyId && encodeHex(certificate.subjectKeyId),
    authorityKeyId: certificate.authorityKeyId && encodeHex(certificate.authorityKeyId),
    policies,
    subjectAltNames: certificate.subjectAltNames.map(rawOf),
    addresses: certificate.crlDistributionPoints.flatMap(({ uri }) => uri ?? []),
  };
}

describe.skipIf(!all)(title, () => {
  it.each(present)('reads $name as the strict parser does', ({ der }) => {
    const strict = readStrictly(parseCertificate(der));
    expect(readIndependently(der)).toEqual(strict);
    expect([strict.isCa, strict.keyUsage]).toEqual([true, ['keyCertSign', 'cRLSign']]);
    expect(strict.extensions.length).toBeGreaterThanOrEqual(5);
    expect(strict.subjectTexts.length).toBeGreaterThanOrEqual(3);
  });

  it('agrees about who signed whom, over every pair', async () => {
    const answers = await Promise.all(
      present.flatMap((subject) =>
        present.map(async (issuer) => {
          const publicKey = new X509Certificate(Uint8Array.from(issuer.der)).publicKey;
          const certificate = new X509Certificate(Uint8Array.from(subject.der));
          const theirs = await certificate.verify({ publicKey, signatureOnly: true });
          const ours = await isSignedBy(parseCertificate(subject.der), parseCertificate(issuer.der).publicKey);
          return { pair: `${subject.name} by ${issuer.name}`, theirs, ours };
        }),
      ),
    );
    expect(answers.filter(({ theirs, ours }) => theirs !== ours)).toEqual([]);
    // Five sign themselves, and the root signs two more.
    expect(answers.filter(({ ours }) => ours)).toHaveLength(7);
  });
});
