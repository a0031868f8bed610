import * as z from 'zod';
import { Base64Url32, InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { PROBLEM_CODES, type ProblemCode } from './problem.ts';
import { PrescriptionUse } from './dispensing.ts';
import { RecordKind } from './record-kind.ts';

/** One released document: a FHIR R4 Bundle as JSON, unchanged from how it was registered. */
export const ReleasedDocument = z
  .object({
    id: Uuidv7,
    kind: RecordKind,
    visitId: Uuidv7,
    registeredAt: Timestamp,
    bundle: z.record(z.string(), z.unknown()),
    /** Of a prescription that was filled: it cannot be used again. */
    used: PrescriptionUse.optional(),
  })
  .readonly();
export type ReleasedDocument = z.infer<typeof ReleasedDocument>;

/** The answer to a share request (JWS `release+jwt` by the institution's key), bound to the request by its hash. */
export const Release = z
  .object({
    version: z.literal(1),
    id: Uuidv7,
    requestId: Uuidv7,
    /** SHA-256 of the request JWS. */
    requestHash: Base64Url32,
    from: InstitutionId,
    to: InstitutionId,
    releasedAt: Timestamp,
    documents: z.array(ReleasedDocument).readonly(),
    /** Kinds of which the sender's policy held documents back, so that nobody takes silence for completeness. */
    withheld: z.array(RecordKind).readonly().optional(),
  })
  .readonly();
export type Release = z.infer<typeof Release>;

/** A refusal (JWS `refusal+jwt`): which check failed, or that a person said no. */
export const Refusal = z
  .object({
    version: z.literal(1),
    requestId: Uuidv7,
    requestHash: Base64Url32,
    from: InstitutionId,
    to: InstitutionId,
    refusedAt: Timestamp,
    reason: z.union([z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]), z.literal('refused_by_person')]),
    /** What the person wrote, shown to the doctor. */
    note: z.string().max(1000).optional(),
  })
  .readonly();
export type Refusal = z.infer<typeof Refusal>;

/** The recipient's signed word that a release was opened, checked and stored (JWS `delivery+jwt`): it closes the circle. */
export const DeliveryReceipt = z
  .object({
    version: z.literal(1),
    releaseId: Uuidv7,
    /** SHA-256 of the release JWS. */
    releaseHash: Base64Url32,
    from: InstitutionId,
    to: InstitutionId,
    receivedAt: Timestamp,
  })
  .readonly();
export type DeliveryReceipt = z.infer<typeof DeliveryReceipt>;

export const signRelease = (release: Release, key: SigningKey): Promise<string> =>
  signClaims('release+jwt', release, key);
export const signRefusal = (refusal: Refusal, key: SigningKey): Promise<string> =>
  signClaims('refusal+jwt', refusal, key);
export const signDelivery = (receipt: DeliveryReceipt, key: SigningKey): Promise<string> =>
  signClaims('delivery+jwt', receipt, key);

/** @throws {JoseError} */
export const verifyRelease = async (jws: string, findKey: KeyFinder): Promise<Release> =>
  (await verifyClaims(jws, { typ: 'release+jwt', claims: Release, findKey })).claims;
/** @throws {JoseError} */
export const verifyRefusal = async (jws: string, findKey: KeyFinder): Promise<Refusal> =>
  (await verifyClaims(jws, { typ: 'refusal+jwt', claims: Refusal, findKey })).claims;
/** @throws {JoseError} */
export const verifyDelivery = async (jws: string, findKey: KeyFinder): Promise<DeliveryReceipt> =>
  (await verifyClaims(jws, { typ: 'delivery+jwt', claims: DeliveryReceipt, findKey })).claims;
