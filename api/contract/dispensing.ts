import * as z from 'zod';
import { InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';

/**
 * The dispensing answer (JWS `dispensing+jwt` by the institution's key): the prescription was filled here. It goes back to
 * whoever issued the prescription, which takes one answer and refuses every other with `prescription_used`.
 */
export const Dispensing = z
  .object({
    version: z.literal(1),
    id: Uuidv7,
    requestId: Uuidv7,
    /** The released document that is the prescription. */
    documentId: Uuidv7,
    from: InstitutionId,
    to: InstitutionId,
    dispensedAt: Timestamp,
  })
  .readonly();
export type Dispensing = z.infer<typeof Dispensing>;

export const signDispensing = (dispensing: Dispensing, key: SigningKey): Promise<string> =>
  signClaims('dispensing+jwt', dispensing, key);

/** @throws {JoseError} */
export const verifyDispensing = async (jws: string, findKey: KeyFinder): Promise<Dispensing> =>
  (await verifyClaims(jws, { typ: 'dispensing+jwt', claims: Dispensing, findKey })).claims;

/** That a prescription was used: when and where. */
export const PrescriptionUse = z.object({ at: Timestamp, by: InstitutionId }).readonly();
export type PrescriptionUse = z.infer<typeof PrescriptionUse>;

/** How far a dispensing answer of ours is: `claimed` until the issuer confirmed or refused it. */
export const DISPENSING_STATES = ['claimed', 'confirmed', 'refused', 'expired'] as const;
export const SentDispensing = z
  .object({
    id: Uuidv7,
    documentId: Uuidv7,
    state: z.enum(DISPENSING_STATES),
    dispensedAt: Timestamp,
    /** Why it was refused: `prescription_used`, or what was wrong with the answer. */
    reason: z.string().nullable(),
  })
  .readonly();
export type SentDispensing = z.infer<typeof SentDispensing>;

export const DispensingPosting = z.object({ documentId: Uuidv7 }).readonly();
