export { type FileReference, HPKI_AUTHENTICATION_AID, HPKI_SIGN_AID, type HpkiLayout } from './files.ts';
export { type HpkiApplication, openHpkiAuthentication, openHpkiSign } from './hpki-application.ts';
export { encodeSignatureBlock } from './sign-block.ts';
export type { PinOptions } from '../pin.ts';
