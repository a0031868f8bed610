import * as z from 'zod';
import { CoverageSummary } from './coverage-summary.ts';
import { digestBase64Url } from './encoding.ts';
import { Base64Url32, ExchangeId, InstitutionId, Subject, Timestamp, Uuidv7 } from './ids.ts';
import { readClaims, signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { Freshness, PROOF_METHODS } from './presence-proof.ts';
import { PROOF_LIMIT_NAMES } from './proof-limits.ts';

/**
 * One visit, signed by the exchange that accepted it (JWS `visit+jwt`, ES256).
 *
 * `previous` chains the person's records at this exchange; `sequence` counts the institution's. Two times and a proven
 * window: the visit happened not before `notBefore` (the challenge's issue or the checkpoint's signature) and not after
 * the record's inclusion in the log.
 */
export const VisitRecord = z
  .object({
    version: z.literal(1),
    /** The presence proof's `jti`. */
    id: Uuidv7,
    iss: ExchangeId,
    subject: Subject,
    institution: InstitutionId,
    /** By the terminal's clock. */
    presentedAt: Timestamp,
    notBefore: Timestamp,
    /** By the exchange's clock. */
    acceptedAt: Timestamp,
    proofMethod: z.enum(PROOF_METHODS),
    /** What the proof leaves open (`PROOF_LIMITS`); absent in records from before it was written down. */
    limits: z.array(z.enum(PROOF_LIMIT_NAMES)).readonly().optional(),
    /** Set when part of the proof came from a simulation, e.g. a simulated certified terminal. */
    simulated: z.boolean(),
    freshness: Freshness,
    presenceHash: Base64Url32,
    coverage: CoverageSummary,
    /** Hash of the person's previous record at this exchange; null for the first. */
    previous: Base64Url32.nullable(),
    /** 1 for the institution's first record at this exchange, then without gaps. */
    sequence: z.number().int().positive(),
  })
  .readonly();
export type VisitRecord = z.infer<typeof VisitRecord>;

export const signVisitRecord = (record: VisitRecord, key: SigningKey): Promise<string> =>
  signClaims('visit+jwt', record, key);

/** @throws {JoseError} */
export async function verifyVisitRecord(jws: string, findKey: KeyFinder): Promise<VisitRecord> {
  return (await verifyClaims(jws, { typ: 'visit+jwt', claims: VisitRecord, findKey })).claims;
}

/** What the record says, unverified: for whoever signed or verified it before. @throws {JoseError} */
export const readVisitRecord = (jws: string): VisitRecord => readClaims(jws, VisitRecord);

/** How a record is named in chains and requests: SHA-256 of its compact JWS. */
export const recordHash = (jws: string): string => digestBase64Url(jws);
