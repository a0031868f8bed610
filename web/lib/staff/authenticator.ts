import { digest, encodeUtf8 } from '#api/contract/encoding.ts';
import type { PasskeyAssertion, PasskeyAttestation, PasskeyChallenge, PasskeyCreation } from '#api/contract/passkey.ts';

/** What a passkey computes its device secret from (`prf`, WebAuthn Level 3 §10.1.4): the same on every device. */
export const PRF_SALT: Uint8Array<ArrayBuffer> = digest(encodeUtf8('tsunagi-vault/v1'));

export interface PasskeyProof {
  readonly assertion: PasskeyAssertion;
  /** 32 bytes that only this passkey can compute, where it can at all. They never leave the device. */
  readonly secret?: Uint8Array<ArrayBuffer>;
}

/** Asks for passkeys: the browser's, or one made of software that says so. */
export interface Authenticator {
  readonly isSimulated: boolean;
  /**
   * Lets the holder sign in.
   *
   * @param credentials the passkeys to ask for; any of this site when empty
   * @throws {PasskeyError}
   */
  prove(ceremony: Pick<PasskeyChallenge, 'challenge' | 'rpId'>, credentials: readonly string[]): Promise<PasskeyProof>;
  /** Makes a passkey. @throws {PasskeyError} */
  create(creation: PasskeyCreation): Promise<PasskeyAttestation>;
}
