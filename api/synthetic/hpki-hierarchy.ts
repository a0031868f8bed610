import { type Day, addYears, endOfDay, startOfDay } from './calendar.ts';
import { type SyntheticAuthority, createAuthority } from './x509/authority.ts';
import { policiesWithStatement } from './x509/extensions.ts';
import { HPKI_AUTHENTICATION, HPKI_SIGNATURE } from '../contract/hpki-certificate.ts';
import { generateRsaKeyPairs } from './x509/key-pair.ts';
import type { NameTemplate } from './x509/name-template.ts';

/** HPKI-like authorities: a root and, below it, one for signatures and one for logging in. */
export interface HpkiHierarchy {
  readonly root: SyntheticAuthority;
  readonly sign: SyntheticAuthority;
  readonly auth: SyntheticAuthority;
}

const ROOT_NAME: NameTemplate = [
  ['country', 'JP'],
  ['organisation', 'SYNTHETIC Ministry'],
  ['organisationalUnit', 'SYNTHETIC HPKI Root CA'],
];

/** Host of the addresses in synthetic certificates; reserved, so that nothing answers there (RFC 2606 §3). */
const LIST_HOST = 'http://pki.synthetic.example/pki';

/** Where the practice statement would be, if anybody practised. */
export const HPKI_STATEMENT_URL = 'http://pki.synthetic.example/cps/';

function subordinateName(commonName: string): NameTemplate {
  return [
    ['country', 'JP'],
    ['organisation', 'SYNTHETIC HPKI'],
    ['organisationalUnit', 'Tsunagi test authority'],
    ['commonName', commonName],
  ];
}

/** New authorities with fresh keys. */
export async function createHpkiHierarchy(today: Day): Promise<HpkiHierarchy> {
  const [rootKeys, signKeys, authKeys] = await generateRsaKeyPairs(3);
  if (!rootKeys || !signKeys || !authKeys) throw new RangeError('three keys');
  const validity = { notBefore: startOfDay(addYears(today, -6)), notAfter: endOfDay(addYears(today, 14)) };
  const root = await createAuthority(
    {
      id: 'hpki-root',
      subject: ROOT_NAME,
      serialNumber: Uint8Array.of(1),
      ...validity,
      listLocation: { url: `${LIST_HOST}/hpki-root.crl` },
    },
    rootKeys,
  );
  const sign = await createAuthority(
    {
      id: 'hpki-sign',
      subject: subordinateName('HPKI-01-SyntheticSignCA-forNonRepudiation'),
      serialNumber: Uint8Array.of(4),
      ...validity,
      listLocation: { url: `${LIST_HOST}/hpki-sign.crl` },
      extensions: [policiesWithStatement(HPKI_STATEMENT_URL, ...HPKI_SIGNATURE.policies.test)],
    },
    signKeys,
    root,
  );
  const auth = await createAuthority(
    {
      id: 'hpki-auth',
      subject: subordinateName('HPKI-01-SyntheticAuthCA-forAuthentication-forIndividual'),
      serialNumber: Uint8Array.of(5),
      ...validity,
      listLocation: { url: `${LIST_HOST}/hpki-auth.crl` },
      extensions: [policiesWithStatement(HPKI_STATEMENT_URL, ...HPKI_AUTHENTICATION.policies.test)],
    },
    authKeys,
    root,
  );
  return { root, sign, auth };
}
