import * as z from 'zod';
import { EcPublicJwk } from './ec-public-jwk.ts';
import { Base64Url32, Timestamp, Uuidv7 } from './ids.ts';

/** A terminal asks to be one of the gateway’s; the code is an administrator’s. */
export const TerminalEnrolment = z
  .object({ key: EcPublicJwk, name: z.string().min(1).max(100), code: z.string().max(20).optional() })
  .readonly();
export type TerminalEnrolment = z.infer<typeof TerminalEnrolment>;

/** A terminal as the gateway knows it; `terminal` is its key’s thumbprint. */
export const EnrolledTerminal = z
  .object({
    terminal: Base64Url32,
    name: z.string(),
    enrolledAt: Timestamp,
    /** It may take visits with nobody signed in. */
    receives: z.boolean(),
  })
  .readonly();
export type EnrolledTerminal = z.infer<typeof EnrolledTerminal>;

/** Claims of the JWS `session+jwt` with which a terminal signs in; `aud` is the gateway's origin. */
export const SessionClaims = z
  .object({ iss: Base64Url32, aud: z.url(), iat: z.number().int().positive(), jti: Uuidv7 })
  .readonly();
export const SessionRequest = z.object({ assertion: z.string().max(4096) }).readonly();
