/** What can go wrong between this window and a passkey. */
export const PASSKEY_ERROR_CODES = [
  'passkey_cancelled',
  'passkey_unsupported',
  'passkey_failed',
  'offline_sign_in_unknown',
  'passphrase_wrong',
] as const;
export type PasskeyErrorCode = (typeof PASSKEY_ERROR_CODES)[number];

/** A ceremony that did not end with a passkey's answer, or a device that does not know the person. */
export class PasskeyError extends Error {
  readonly code: PasskeyErrorCode;

  constructor(code: PasskeyErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'PasskeyError';
    this.code = code;
  }
}
