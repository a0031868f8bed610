import { describe, expect, it } from 'vitest';
import { parseCertificate } from '#api/contract/certificate.ts';
import { buildCertificatePath } from '#api/contract/certificate-path.ts';
import { digest } from '#api/contract/encoding.ts';
import { encodeHex } from '#api/contract/hex.ts';
import { verifyJpkiCertificate } from '#api/contract/jpki-certificate.ts';
import { parsePemCertificates } from '#api/contract/pem.ts';
import { readVector, vectorPath } from '../../vectors.ts';

const isPresent = vectorPath('jpki') !== undefined;
const title = isPresent ? 'the real JPKI authorities' : 'the real JPKI authorities (skipped: vectors/jpki is absent)';

const read = (name: string) =>
  parsePemCertificates(new TextDecoder().decode(readVector(`jpki/${name}.pem`)))[0] ?? new Uint8Array();

describe.skipIf(!isPresent)(title, () => {
  const files = ['auth_ca_2015', 'auth_ca_2023', 'sign_ca_2015', 'sign_ca_2023'] as const;
  const authorities = () => files.map((name) => parseCertificate(read(name)));

  it.each([
    [
      'auth_ca_2015',
      '4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d',
      '9567951b5ca70d84a0fff1d85a87f1aab1340385',
    ],
    [
      'auth_ca_2023',
      '64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5',
      '1ac100f596a3bc8c4b3df195e32699249e9e308a',
    ],
    [
      'sign_ca_2015',
      '19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355',
      '0d034cbb34d0714f45e45a1cafd8fd143fab54a7',
    ],
    [
      'sign_ca_2023',
      'd227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f',
      'd21ea55895617e93adbf966b941ab4edf653f08f',
    ],
  ])('%s parses to what is known of it', (name, fingerprint, keyId) => {
    const der = read(name);
    const certificate = parseCertificate(der);
    expect(encodeHex(digest(der))).toBe(fingerprint);
    expect(encodeHex(certificate.subjectKeyId ?? new Uint8Array())).toBe(keyId);
    expect(certificate.basicConstraints).toEqual({ isCa: true });
    expect([...(certificate.keyUsage ?? [])]).toEqual(['keyCertSign', 'cRLSign']);
    expect(certificate.crlDistributionPoints.map(({ uri, directoryName }) => [uri, directoryName?.raw])).toEqual([
      [undefined, certificate.subject.raw],
    ]);
  });

  it('share one name across generations and are told apart by key', async () => {
    const [old, current] = authorities();
    expect(old?.subject.raw).toEqual(current?.subject.raw);
    const at = new Date('2024-06-01T00:00:00Z');
    for (const authority of authorities()) {
      const { certificates } = await buildCertificatePath(authority, { anchors: authorities(), at });
      expect(certificates.map(({ der }) => der)).toEqual([authority.der]);
    }
    // Without its own key among the anchors the older one of the same name is no issuer.
    const anchors = old ? [old] : [];
    await expect(buildCertificatePath(current!, { anchors, at })).rejects.toMatchObject({
      code: 'certificate_untrusted',
    });
  });

  it('end: the first generation is refused after October 2025', async () => {
    const [old] = authorities();
    const at = new Date('2025-10-20T00:00:00Z');
    await expect(buildCertificatePath(old!, { anchors: authorities(), at })).rejects.toMatchObject({
      code: 'certificate_expired',
    });
  });

  it('are no person’s certificate', async () => {
    const options = { anchors: authorities(), world: 'production', at: new Date('2024-06-01T00:00:00Z') } as const;
    await expect(verifyJpkiCertificate(read('auth_ca_2023'), options)).rejects.toMatchObject({
      code: 'certificate_wrong_profile',
    });
  });

  it('are refused with a byte changed, when the authority itself is not pinned', async () => {
    const der = read('auth_ca_2023');
    const at = new Date('2024-06-01T00:00:00Z');
    for (let i = 0; i < der.length; i += 7) {
      const changed = Uint8Array.from(der);
      changed[i]! ^= 0x10;
      const run = async () => buildCertificatePath(parseCertificate(changed), { anchors: authorities(), at });
      await expect(run()).rejects.toHaveProperty('name', 'CertificateError');
    }
  });
});

describe('PEM', () => {
  it.each([
    ['nothing in it', ''],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
    ['broken base64', '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----'],
  ])('with %s is refused', (_, text) => {
    expect(() => parsePemCertificates(text)).toThrow(expect.objectContaining({ code: 'certificate_malformed' }));
  });

  it('may hold several, with text between', () => {
    const one = '-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n';
    expect(parsePemCertificates(`first\n${one}second\n${one}`)).toEqual([
      Uint8Array.of(0, 1, 2),
      Uint8Array.of(0, 1, 2),
    ]);
  });
});
