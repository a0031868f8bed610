/**
 * Makes the cards of `ccid/simulated/test-cards`: throw-away keys and certificates, nobody's data. Run once by hand; the
 * transcripts hold signatures of these very keys.
 */
import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodeAgeRecord,
  encodeAgeRecordBody,
  encodeIntegrityRecord,
  encodeIntegrityRecordBody,
  encodeTextKeyRecord,
  encodeTextKeyRecordBody,
  encodeVerifiableCertificate,
  encodeVerifiableCertificateBody,
  type HpkiPersonalisation,
  type MyNumberPersonalisation,
  type RsaPrivateJwk,
} from 'webusb-ccid/simulated';

const folder = mkdtempSync(join(tmpdir(), 'cards-'));

/** A key, and the certificate over it when it has one. Files are named after it for openssl. */
interface Holder {
  readonly name: string;
  readonly key: KeyObject;
}

function createHolder(name: string): Holder {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, `${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { name, key: privateKey };
}

function exportKey(holder: Holder): RsaPrivateJwk {
  const { n, e, d, p, q, dp, dq, qi } = holder.key.export({ format: 'jwk' }) as unknown as RsaPrivateJwk;
  return { kty: 'RSA', n, e, d, p, q, dp, dq, qi };
}

const sign = (holder: Holder, bytes: Uint8Array): Uint8Array => createSign('sha256').update(bytes).sign(holder.key);

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

/** A certificate for ten years, signed by the issuer or by the holder itself. */
function certify(holder: Holder, issuer: Holder, subject: string, serial: string, extensions: string[]): string {
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('ext'), ['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid', ...extensions].join('\n'));
  execFileSync('openssl', ['req', '-new', '-key', file(`${holder.name}.key`), '-subj', subject, '-out', file('csr')]);
  const self = issuer === holder;
  const by = self
    ? ['-signkey', file(`${holder.name}.key`)]
    : ['-CA', file(`${issuer.name}.pem`), '-CAkey', file(`${issuer.name}.key`)];
  const common = [
    '-in',
    file('csr'),
    '-set_serial',
    `0x${serial}`,
    '-days',
    '3652',
    '-sha256',
    '-extfile',
    file('ext'),
  ];
  execFileSync('openssl', ['x509', '-req', ...by, ...common, '-out', file(`${holder.name}.pem`)], { stdio: 'pipe' });
  execFileSync('openssl', ['x509', '-in', file(`${holder.name}.pem`), '-outform', 'DER', '-out', file('der')]);
  return base64(readFileSync(file('der')));
}

async function makeMyNumberCard(): Promise<MyNumberPersonalisation> {
  const organisation = '/C=JP/O=JPKI-TEST/OU=';
  const agency = '/OU=Japan Agency for Local Authority Information Systems';
  const authCa = createHolder('auth-ca');
  const signCa = createHolder('sign-ca');
  const auth = createHolder('auth');
  const signer = createHolder('sign');
  const authCaCertificate = certify(
    authCa,
    authCa,
    `${organisation}JPKI for user authentication${agency}`,
    '01',
    AUTHORITY,
  );
  const signCaCertificate = certify(
    signCa,
    signCa,
    `${organisation}JPKI for digital signature${agency}`,
    '01',
    AUTHORITY,
  );

  const verifiableCa = createHolder('verifiable-ca');
  const issuer = createHolder('issuer');
  const text = createHolder('text');
  const surface = createHolder('surface');
  const attributes = {
    name: '試験　花子',
    address: '東京都清瀬市試験町１－２',
    birthDate: '1980-02-17',
    sex: '2',
  } as const;
  const myNumber = '123456789010';
  const verifiable = (number: string): string => {
    const body = encodeVerifiableCertificateBody({
      issuer: { number, group: '001' },
      subject: { number: '1322121', group: '000' },
      publicKey: exportKey(issuer),
    });
    return base64(encodeVerifiableCertificate(body, sign(verifiableCa, body)));
  };
  const keyRecord = encodeTextKeyRecordBody(exportKey(text));
  const integrity = await encodeIntegrityRecordBody(myNumber, attributes);
  const age = encodeAgeRecordBody(attributes.birthDate, exportKey(surface));
  return {
    profile: 'mynumber',
    id: 'test-my-number-card',
    label: 'Test card',
    authKey: exportKey(auth),
    authCertificate: certify(auth, authCa, '/C=JP/CN=000000TESTCARD00000001A', '0A01', [
      'keyUsage=critical,digitalSignature',
      'certificatePolicies=1.2.392.200149.8.5.1.2.30',
    ]),
    authCaCertificate,
    authPin: '1234',
    signKey: exportKey(signer),
    signCertificate: certify(signer, signCa, '/C=JP/L=Kiyose/CN=000000TESTCARD00000001', '0A02', [
      'keyUsage=critical,digitalSignature,nonRepudiation',
      'certificatePolicies=1.2.392.200149.8.5.1.0.20',
    ]),
    signCaCertificate,
    signPassword: 'ABC123',
    textKey: exportKey(text),
    textCvc: verifiable('6000033'),
    textKeyRecord: base64(encodeTextKeyRecord(keyRecord, sign(issuer, keyRecord))),
    textIntegrityRecord: base64(encodeIntegrityRecord(integrity, sign(issuer, integrity))),
    textPin: '5678',
    attributes,
    myNumber,
    cardNumberB: '55021720352285',
    surface: {
      key: exportKey(surface),
      cvc: verifiable('6000023'),
      ageRecord: base64(encodeAgeRecord(age, sign(issuer, age))),
    },
    common: { serialNumber: '000000000000001', municipalityCode: '13221', expiryDate: '2035-02-17' },
  };
}

function makeHpkiCard(): HpkiPersonalisation {
  const root = createHolder('hpki-root');
  const subordinate = createHolder('hpki-ca');
  const holder = createHolder('hpki-sign');
  const authentication = createHolder('hpki-auth');
  const rootCertificate = certify(root, root, '/C=JP/O=Test/OU=Test HPKI Root CA', '01', AUTHORITY);
  const policy = 'certificatePolicies=critical,1.2.392.100495.1.5.1.1.0.1';
  const caCertificate = certify(subordinate, root, '/C=JP/O=Test/CN=HPKI-01-TestSignCA-forNonRepudiation', '02', [
    ...AUTHORITY,
    policy,
  ]);
  const name = '/C=JP/O=Test/CN=TEST DOCTOR/serialNumber=Test000001';
  return {
    profile: 'hpki',
    layout: 'guideline',
    id: 'test-hpki-card',
    label: 'Test HPKI card',
    signKey: exportKey(holder),
    signCertificate: certify(holder, subordinate, name, '0B01', ['keyUsage=critical,nonRepudiation', policy]),
    caCertificates: [caCertificate],
    rootCertificate,
    pin: 'secret12',
    authKey: exportKey(authentication),
    authCertificate: certify(authentication, subordinate, name, '0B02', [
      'keyUsage=critical,digitalSignature',
      'certificatePolicies=critical,1.2.392.100495.1.5.1.2.0.1',
    ]),
  };
}

function write(name: string, value: unknown): void {
  writeFileSync(
    new URL(`../../../ccid/simulated/test-cards/${name}`, import.meta.url),
    `${JSON.stringify(value, null, 2)}\n`,
  );
}

write('my-number-card.json', await makeMyNumberCard());
write('hpki-card.json', makeHpkiCard());
rmSync(folder, { recursive: true });
