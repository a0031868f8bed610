import * as z from 'zod';
import { Doctor } from './doctor.ts';
import { Receipt } from './evidence/receipt.ts';
import { Base64Url32, ExchangeId, InstitutionId, Subject, Timestamp, Uuidv7 } from './ids.ts';
import { readClaims, signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { Person } from './person.ts';
import { ConsentProof } from './consent.ts';
import { ProblemDocument } from './problem.ts';
import { RecordKind } from './record-kind.ts';

/**
 * What happened to somebody's records: they left, were not given, were asked for without consent, a prescription was used
 * up, or it was asked what there is.
 */
export const ACCESS_ACTIONS = ['released', 'refused', 'emergency_asked', 'dispensed', 'queried'] as const;
export type AccessAction = (typeof ACCESS_ACTIONS)[number];

/** On what ground records were asked for: the patient's consent, or an emergency without one. */
export const ACCESS_BASES = ['consent', 'emergency'] as const;
export type AccessBasis = (typeof ACCESS_BASES)[number];

/** Who answered: a person at a terminal, or the policy by itself. */
export const ANSWERERS = ['person', 'policy'] as const;
export type Answerer = (typeof ANSWERERS)[number];

/**
 * One entry of a person's access log: the claims of a JWS `access-event+jwt` by the institution that holds the records. No
 * names but the doctor's, no reason, nothing of the content.
 */
export const AccessEvent = z
  .object({
    version: z.literal(1),
    id: Uuidv7,
    /** Who holds the records and says so. */
    iss: InstitutionId,
    subject: Subject,
    at: Timestamp,
    action: z.enum(ACCESS_ACTIONS),
    to: InstitutionId,
    doctor: Doctor.nullable(),
    kinds: z.array(RecordKind).readonly(),
    documents: z.int().nonnegative(),
    basis: z.enum(ACCESS_BASES),
    /** Hash of the consent's presence proof; null without consent. */
    consent: Base64Url32.nullable(),
    requestId: Uuidv7,
    by: z.enum(ANSWERERS).nullable(),
    /** Why it was refused: a problem code, or `refused_by_person`. */
    refusal: z.string().max(80).nullable(),
    /** Of a session: the hash of what both sides signed when it was opened. */
    transcript: Base64Url32.optional(),
  })
  .readonly();
export type AccessEvent = z.infer<typeof AccessEvent>;

const ACCESS_EVENT_TYPE = 'access-event+jwt';

export const signAccessEvent = (event: AccessEvent, key: SigningKey): Promise<string> =>
  signClaims(ACCESS_EVENT_TYPE, event, key);

/** @throws {JoseError} */
export const verifyAccessEvent = async (jws: string, findKey: KeyFinder): Promise<AccessEvent> =>
  (await verifyClaims(jws, { typ: ACCESS_EVENT_TYPE, claims: AccessEvent, findKey })).claims;

/** Unverified; for display and routing. @throws {JoseError} */
export const readAccessEvent = (jws: string): AccessEvent => readClaims(jws, AccessEvent);

/** Events on their way from an institution to its exchange. */
export const AccessEventPosting = z
  .object({ events: z.array(z.string().max(8192)).min(1).max(100).readonly() })
  .readonly();
/** How many of them are stored and under the evidence log now, or were before. */
export const AccessEventAnswer = z.object({ stored: z.int().nonnegative() }).readonly();

/** What a person's access log holds. A reading of the visit history is the exchange's own knowledge. */
export const AccessEntry = z.discriminatedUnion('kind', [
  /** An institution's signed word; `receipt` holds it once the evidence log does. */
  z.object({ kind: z.literal('event'), event: z.string().max(8192), receipt: Receipt.nullable() }).readonly(),
  /** The visit history was read with this consent, or the consent was withdrawn. */
  z.object({ kind: z.literal('consent'), proof: ConsentProof }).readonly(),
]);
export type AccessEntry = z.infer<typeof AccessEntry>;

/** One exchange's part of the log, or why it is missing. `withdrawn`: it knows of the withdrawal that was just made. */
export const AccessPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entries'), exchange: ExchangeId, entries: z.array(AccessEntry).readonly() }).readonly(),
  z.object({ kind: z.literal('missing'), exchange: ExchangeId, problem: ProblemDocument }).readonly(),
]);
export type AccessPart = z.infer<typeof AccessPart>;

/** Who saw a person's data, as far as every exchange says. `proof` is what the person signed to see or to withdraw. */
export const AccessLogView = z
  .object({
    subject: Subject,
    person: Person.nullable(),
    proof: ConsentProof,
    parts: z.array(AccessPart).readonly(),
  })
  .readonly();
export type AccessLogView = z.infer<typeof AccessLogView>;

/** A peer asks on behalf of the person whose card signed `proof` (purpose `access-log` or `withdrawal`). */
export const PeerAccessRequest = z.object({ proof: ConsentProof }).readonly();
export const PeerAccessLog = z.object({ entries: z.array(AccessEntry).readonly() }).readonly();
export type PeerAccessLog = z.infer<typeof PeerAccessLog>;
