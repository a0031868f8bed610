import { digestHex } from './fingerprint.ts';

/** Certification authorities that this screen knows by sight; nothing else in the app trusts this list. */
export const KNOWN_AUTHORITIES = ['jpkiAuthentication', 'jpkiSignature', 'hpkiRoot'] as const;
export type KnownAuthority = (typeof KNOWN_AUTHORITIES)[number];

/** SHA-256 of the published certificates (DER), hex. JPKI generations share their name, so the bytes decide. */
const FINGERPRINTS: Readonly<Record<string, KnownAuthority>> = {
  '4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d': 'jpkiAuthentication',
  '64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5': 'jpkiAuthentication',
  '19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355': 'jpkiSignature',
  '79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb': 'jpkiSignature',
  d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f: 'jpkiSignature',
  '6ed2796b1b101736d952185787cb36da9ce80522cc8cb7b5ce728b61be1b674c': 'hpkiRoot',
};

/** Which published authority this certificate is, byte for byte. */
export async function findKnownAuthority(der: Uint8Array<ArrayBuffer>): Promise<KnownAuthority | undefined> {
  return FINGERPRINTS[await digestHex(der)];
}
