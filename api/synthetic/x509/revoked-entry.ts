import { encodeHex } from '../../contract/hex.ts';

/** Why certificates are revoked here (RFC 5280 §5.3.1): the four reasons seen in JPKI, and the one that a lost key has. */
export const REVOCATION_REASONS = [
  'affiliationChanged',
  'cessationOfOperation',
  'superseded',
  'certificateHold',
  'keyCompromise',
] as const;

export interface RevokedEntry {
  /** Magnitude of the serial number in hex. */
  readonly serialNumber: string;
  /** RFC 3339, whole seconds. */
  readonly at: string;
  readonly reason: (typeof REVOCATION_REASONS)[number];
}

/** Whoever keeps account of what it revoked. */
interface Revoking {
  readonly revoked: readonly RevokedEntry[];
}

/** The same authority with one more revoked certificate. */
export function revoke<T extends Revoking>(authority: T, entry: RevokedEntry): T {
  return { ...authority, revoked: [...authority.revoked, entry] };
}

/** Whether a certificate is revoked, by the magnitude of its serial number. */
export function isRevoked(authority: Revoking, serialNumber: Uint8Array, at: Date): boolean {
  const number = encodeHex(serialNumber).replace(/^(00)+/, '');
  return authority.revoked.some(
    (entry) => entry.serialNumber.replace(/^(00)+/, '') === number && new Date(entry.at) <= at,
  );
}
