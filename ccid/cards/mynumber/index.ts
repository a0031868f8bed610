export { JPKI_AID, JPKI_FILES, type Opener, SURFACE_AID, SURFACE_FILES, TEXT_AID, TEXT_FILES } from './files.ts';
export { type JpkiApplication, type JpkiDevice, type JpkiIdentity, selectJpki } from './jpki-application.ts';
export { selectText, type TextApplication, type TextRecord, type TextReference } from './text-application.ts';
export {
  selectSurface,
  type SurfaceApplication,
  type SurfaceRecord,
  type SurfaceReference,
} from './surface-application.ts';
export { type AgeRecord, parseAgeRecord } from './age-record.ts';
export { encodeEraDate, type EraYear, findEraYear } from './era-date.ts';
export { SIGNATURE_FORMS, type SignatureForm } from './compute-signature.ts';
export type {
  MyNumberProofMethod,
  PresenceMethod,
  PresenceOptions,
  PresenceSignature,
  PresenceStep,
  Statement,
} from './presence-method.ts';
export { mynumberTap } from './mynumber-tap.ts';
export { createMynumberPin } from './mynumber-pin.ts';
export { createMynumberTerminal, type TerminalAuthentication, type TerminalOutcome } from './mynumber-terminal.ts';
export { enrolTap, type EnrolTapRequest, type TapEnrolment } from './enrol-tap.ts';
export { type CardPublicKey, importCardPublicKey, toJwk } from './card-public-key.ts';
export {
  type CardKeyIdentifier,
  type CardVerifiableCertificate,
  parseCardVerifiableCertificate,
  verifyCardSignature,
  verifyCardVerifiableCertificate,
} from './card-verifiable-certificate.ts';
export {
  type IntegrityRecord,
  matchesIntegrityRecord,
  parseIntegrityRecord,
  parseMyNumber,
  parseTextAttributes,
  parseTextKeyRecord,
  type TextAttributes,
  type TextKeyRecord,
} from './text-records.ts';
export { type IdentityInspection, inspectMyNumber, type MyNumberInspection } from './inspect-my-number.ts';
export type { PinOptions } from '../pin.ts';
