import * as z from 'zod';
import { Base64Url32, Timestamp, Uuidv7 } from './ids.ts';

/** Bytes as WebAuthn's JSON spells them. */
const Bytes = (max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(max);
const CredentialId = Bytes(1400).min(1);

/** What a terminal needs to ask for a passkey (WebAuthn Level 3 §5.5). Good once, on that terminal. */
export const PasskeyChallenge = z.object({ challenge: Base64Url32, rpId: z.string(), expires: Timestamp }).readonly();
export type PasskeyChallenge = z.infer<typeof PasskeyChallenge>;

/** What a terminal needs to make a passkey (WebAuthn Level 3 §5.4). */
export const PasskeyCreation = z
  .object({
    ...PasskeyChallenge.unwrap().shape,
    rpName: z.string(),
    user: z.object({ id: Uuidv7, name: z.string() }).readonly(),
    /** Passkeys the person has already. */
    exclude: z.array(CredentialId).readonly(),
  })
  .readonly();
export type PasskeyCreation = z.infer<typeof PasskeyCreation>;

/**
 * Nothing an extension gave: what a passkey computed for this device (`prf`) opens the device's storage and must not leave
 * it.
 */
const NoExtensionResults = z.strictObject({}).readonly();

/** AuthenticationResponseJSON (WebAuthn Level 3 §5.1.8), as far as it is used. */
export const PasskeyAssertion = z
  .object({
    id: CredentialId,
    rawId: CredentialId,
    type: z.literal('public-key'),
    response: z
      .object({
        clientDataJSON: Bytes(4096),
        authenticatorData: Bytes(4096),
        signature: Bytes(2048),
        userHandle: Bytes(128).optional(),
      })
      .readonly(),
    clientExtensionResults: NoExtensionResults,
  })
  .readonly();
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

/** RegistrationResponseJSON (WebAuthn Level 3 §5.1.8), as far as it is used. */
export const PasskeyAttestation = z
  .object({
    id: CredentialId,
    rawId: CredentialId,
    type: z.literal('public-key'),
    response: z
      .object({
        clientDataJSON: Bytes(4096),
        attestationObject: Bytes(16_384),
        transports: z.array(z.string().max(20)).max(8).readonly().optional(),
      })
      .readonly(),
    clientExtensionResults: NoExtensionResults,
  })
  .readonly();
export type PasskeyAttestation = z.infer<typeof PasskeyAttestation>;

export const SignInPosting = z.object({ assertion: PasskeyAssertion }).readonly();
export const InvitationPosting = z.object({ code: z.string().max(20) }).readonly();
export const RegistrationPosting = z.object({ code: z.string().max(20), attestation: PasskeyAttestation }).readonly();
export type RegistrationPosting = z.infer<typeof RegistrationPosting>;
