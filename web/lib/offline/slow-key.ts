import { argon2idAsync } from '@noble/hashes/argon2.js';
import { encodeUtf8 } from '#api/contract/encoding.ts';

/** Argon2id (RFC 9106) as OWASP's first choice for interactive use: 19 MiB, two passes, about a second on a tablet. */
export const SLOWNESS: Slowness = { passes: 2, memoryKiB: 19 * 1024 };

export interface Slowness {
  readonly passes: number;
  readonly memoryKiB: number;
}

/** 32 bytes from a passphrase, made slow so that trying many takes long. Normalised, for keyboards differ (NFKC). */
export async function stretch(
  passphrase: string,
  { salt, passes, memoryKiB }: Slowness & { readonly salt: Uint8Array },
): Promise<Uint8Array<ArrayBuffer>> {
  const secret = encodeUtf8(passphrase.normalize('NFKC'));
  try {
    return new Uint8Array(await argon2idAsync(secret, salt, { t: passes, m: memoryKiB, p: 1, dkLen: 32 }));
  } finally {
    secret.fill(0);
  }
}
