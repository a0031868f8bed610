import { describe, expect, it } from 'vitest';
import { parseCertificate } from '#api/contract/certificate.ts';
import { CertificateError } from '#api/contract/certificate-error.ts';
import { HPKI_AUTHENTICATION, verifyHpkiCertificate } from '#api/contract/hpki-certificate.ts';
import { HPKI_ROLES, encodeHpkiRole, parseHpkiRole } from '#api/contract/hpki-role.ts';
import { readVector, vectorPath } from '../../vectors.ts';

const file = (name: string) => readVector(`hpki/${name}`) ?? new Uint8Array();
const isPresent = vectorPath('hpki') !== undefined;
const title = isPresent
  ? 'a real HPKI test certificate'
  : 'a real HPKI test certificate (skipped: vectors/hpki is absent)';

describe.skipIf(!isPresent)(title, () => {
  const leaf = file('hpki-test-medis-sign.der');
  const signCa = file('hpki-ca-medis-sign.der');
  const authCa = file('hpki-ca-medis-auth.der');
  const root = file('hpki-ca-mhlw-root-v2.der');
  const anchors = isPresent ? [parseCertificate(root)] : [];
  const at = new Date('2024-04-01T00:00:00Z');
  const options = { anchors, world: 'test', at } as const;

  it('verifies to the pinned root at its date and is a doctor', async () => {
    const { role, path, holder } = await verifyHpkiCertificate([leaf, signCa], {
      ...options,
      allowedRoles: [HPKI_ROLES.medicalDoctor],
    });
    expect(role.text).toBe('Medical Doctor');
    expect(path.certificates.map((certificate) => certificate.der)).toEqual(
      [leaf, signCa, root].map((b) => Uint8Array.from(b)),
    );
    expect(holder).toMatchObject({
      organisation: 'MEDIS UNIVERSITY HOSPITAL',
      organisationJa: '医療情報大学病院',
      registration: 'Test117120',
    });
  });

  it('takes the whole chain too, and the right CA among several in any order', async () => {
    await expect(verifyHpkiCertificate([leaf, root, authCa, signCa], options)).resolves.toMatchObject({
      role: { text: 'Medical Doctor' },
    });
  });

  it.each([
    ['before its validity', [leaf, signCa], { at: new Date('2022-02-06T14:59:59Z') }, 'certificate_not_yet_valid'],
    ['after its validity', [leaf, signCa], { at: new Date('2027-02-07T15:00:00Z') }, 'certificate_expired'],
    ['for production', [leaf, signCa], { world: 'production' }, 'certificate_wrong_policy'],
    ['for logging in', [leaf, signCa], { profile: HPKI_AUTHENTICATION }, 'certificate_wrong_profile'],
    ['for pharmacists', [leaf, signCa], { allowedRoles: ['Pharmacist'] }, 'hpki_role_not_allowed'],
    ['without its CA', [leaf], {}, 'certificate_untrusted'],
    ['with another CA of the root', [leaf, authCa], {}, 'certificate_untrusted'],
    ['without a pinned root', [leaf, signCa, root], { anchors: [] }, 'certificate_untrusted'],
    ['when it is a CA itself', [signCa], {}, 'certificate_wrong_profile'],
  ] as const)('is refused %s', async (_, [first, ...rest], change, code) => {
    await expect(verifyHpkiCertificate([first, ...rest], { ...options, ...change })).rejects.toMatchObject({ code });
  });

  it('survives at the first and the last second of its validity', async () => {
    for (const instant of ['2022-02-06T15:00:00Z', '2027-02-07T14:59:59Z']) {
      await expect(verifyHpkiCertificate([leaf, signCa], { ...options, at: new Date(instant) })).resolves.toBeDefined();
    }
  });

  it('is refused with any single byte changed, never crashing', async () => {
    const accepted: string[] = [];
    for (let i = 0; i < leaf.length; i++) {
      for (const mask of [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff]) {
        const changed = Uint8Array.from(leaf);
        changed[i]! ^= mask;
        const outcome = await verifyHpkiCertificate([changed, signCa], options).then(
          () => 'accepted',
          (error: unknown) => (error instanceof CertificateError ? 'refused' : `crashed: ${String(error)}`),
        );
        if (outcome !== 'refused') accepted.push(`${i} ^ ${mask}: ${outcome}`);
      }
    }
    expect(accepted).toEqual([]);
  }, 120_000);

  it('is refused cut short at any byte, or with a byte after it', () => {
    for (let length = 0; length < leaf.length; length++) {
      expect(() => parseCertificate(leaf.subarray(0, length))).toThrow(CertificateError);
    }
    expect(() => parseCertificate(Uint8Array.of(...leaf, 0))).toThrow(CertificateError);
  });

  it('has a role that encodes to the same bytes', () => {
    const extension = parseCertificate(leaf).extensions.get('2.5.29.9')!.value;
    expect(encodeHpkiRole(parseHpkiRole(extension)!)).toEqual(extension);
  });
});
