import { describe, expect, it } from 'vitest';
import { type Certificate, parseCertificate } from '#api/contract/certificate.ts';
import { readGeneralNames } from '#api/contract/certificate-extensions.ts';
import { DerReader, TAG } from '#api/contract/der.ts';
import { readName } from '#api/contract/distinguished-name.ts';
import { JHPKI_CODED_DATA_OID } from '#api/contract/hpki-role.ts';
import { parsePemCertificates } from '#api/contract/pem.ts';
import {
  authorityConstraints,
  authorityKeyId,
  healthcareRole,
  keyUsage,
  policiesWithStatement,
  subjectDirectoryName,
} from '#api/synthetic/x509/extensions.ts';
import { distributionPoint } from '#api/synthetic/x509/list-location.ts';
import { type NameTemplate, createName, directoryNames } from '#api/synthetic/x509/name-template.ts';
import { type Extension, X509Certificate } from '#api/synthetic/x509/peculiar.ts';
import { readVector, vectorPath } from '../../../vectors.ts';

const isPresent = vectorPath('hpki') !== undefined && vectorPath('jpki') !== undefined;
const note = isPresent ? '' : ' (skipped: vectors/hpki or vectors/jpki is absent)';
const file = (name: string) => Uint8Array.from(readVector(`hpki/${name}.der`) ?? []);

describe.skipIf(!isPresent)(`extensions as real authorities have them, to the byte${note}`, () => {
  const root = file('hpki-ca-mhlw-root-v2');
  const signCa = file('hpki-ca-medis-sign');
  const holder = file('hpki-test-medis-sign');
  const jpki = () => {
    const pem = new TextDecoder().decode(readVector('jpki/auth_ca_2023.pem'));
    return parsePemCertificates(pem)[0] ?? new Uint8Array();
  };
  const expectSame = (certificate: Certificate, { type, critical, value }: Extension) =>
    expect({ critical, value: new Uint8Array(value) }).toEqual(certificate.extensions.get(type));

  it('an HPKI authority: use, limits, policy with its statement, issuer by key, name and number', () => {
    const real = parseCertificate(signCa);
    expectSame(real, keyUsage('keyCertSign', 'cRLSign'));
    expectSame(real, authorityConstraints());
    expectSame(real, policiesWithStatement('http://hpki.mhlw.go.jp/repository/', '1.2.392.100495.1.5.1.1.3.1'));
    expectSame(real, authorityKeyId(new X509Certificate(root)));
  });

  it('an HPKI holder: use, role, issuer, address of the list', () => {
    const real = parseCertificate(holder);
    expectSame(real, keyUsage('nonRepudiation'));
    expectSame(real, policiesWithStatement('http://www.medis.or.jp/8_hpki/', '1.2.392.100495.1.5.1.1.0.1'));
    expectSame(real, healthcareRole({ codingScheme: JHPKI_CODED_DATA_OID, text: 'Medical Doctor' }));
    expectSame(real, authorityKeyId(new X509Certificate(signCa)));
    expectSame(real, distributionPoint({ url: 'http://cert.medis.or.jp/sign/crl-sign2.crl' }));
  });

  it('a JPKI authority: name in Japanese, place of the list in a directory', () => {
    const real = parseCertificate(jpki());
    const directory: NameTemplate = [
      ['country', 'JP'],
      ['organisation', 'JPKI'],
      ['organisationalUnit', 'JPKI for user authentication'],
      ['organisationalUnit', 'Japan Agency for Local Authority Information Systems'],
    ];
    expect(new Uint8Array(createName(directory).toArrayBuffer())).toEqual(real.subject.raw);
    expectSame(real, distributionPoint({ directory }));
    expectSame(
      real,
      subjectDirectoryName([
        ['country', 'JP'],
        ['organisation', '公的個人認証サービス'],
        ['organisationalUnit', '公的個人認証サービス利用者証明用'],
        ['organisationalUnit', '地方公共団体情報システム機構'],
      ]),
    );
  });
});

describe('a name', () => {
  it.each(['a "quoted" name', 'a\\b', '#1234', ' spaced ', 'one, two+three=four;<five>', '模擬、認証', ''])(
    'keeps %j as it is, on its own and as a general name',
    (text) => {
      const name = createName([['organisation', text]]);
      const read = readName(new DerReader(new Uint8Array(name.toArrayBuffer())).next());
      expect(read.attributes).toEqual([{ oid: '2.5.4.10', text }]);
      const [general] = readGeneralNames(
        new DerReader(new Uint8Array(directoryNames(name).rawData)).enter(TAG.sequence),
      );
      expect(general?.directoryName?.raw).toEqual(read.raw);
    },
  );
});
