import * as z from 'zod';
import { digestBase64Url, encodeBase64Url, encodeUtf8 } from './encoding.ts';
import { Base64Url32, ExchangeId, InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { JoseError, readClaims, signClaims, verifyClaims, type JWK, type SigningKey } from './jose.ts';
import { RecordKind } from './record-kind.ts';

/** How presence was proven; each value's strongest claim is written down in `api/presence/README.md`. */
export const PROOF_METHODS = [
  'mynumber-terminal',
  'mynumber-tap',
  'mynumber-pin',
  'second-card-sun',
  'oqs-face',
  'wallet-mdoc',
] as const;
export type ProofMethod = (typeof PROOF_METHODS)[number];

export const PURPOSES = [
  ...(['visit', 'history', 'withdrawal', 'access-log'] as const),
  ...(['release', 'ticket', 'entitlement', 'payment'] as const),
] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * What ties the statement to a time: a challenge that the exchange gave out moments ago, or offline the newest
 * checkpoint the terminal holds, which proves *not before*.
 */
export const Freshness = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('challenge'), challenge: Base64Url32 }).readonly(),
  z
    .object({
      kind: z.literal('checkpoint'),
      origin: z.string().min(1).max(200),
      size: z.number().int().nonnegative(),
      /** Root hash, base64 as in the checkpoint. */
      root: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
    })
    .readonly(),
]);
export type Freshness = z.infer<typeof Freshness>;

/** What the patient agrees to when the purpose is `history`: who may read which kinds, until when. */
export const ConsentScope = z
  .object({ recipient: InstitutionId, kinds: z.array(RecordKind).min(1).readonly(), expires: Timestamp })
  .readonly();
export type ConsentScope = z.infer<typeof ConsentScope>;

/** What the patient takes back when the purpose is `withdrawal`: consents to one recipient, or without one every consent. */
export const WithdrawalScope = z.object({ recipient: InstitutionId.optional() }).readonly();
export type WithdrawalScope = z.infer<typeof WithdrawalScope>;

/** The statement a card signs: the claims of a presence proof (JWS `presence+jwt`, RS256). */
export const PresenceClaims = z
  .object({
    version: z.literal(1),
    jti: Uuidv7,
    /** RFC 7638 thumbprint of the terminal's key. */
    iss: Base64Url32,
    actorId: InstitutionId,
    aud: ExchangeId,
    /** Seconds since 1970, by the terminal's clock. */
    iat: z.number().int().positive(),
    purpose: z.enum(PURPOSES),
    scope: ConsentScope.optional(),
    withdraws: WithdrawalScope.optional(),
    proofMethod: z.enum(PROOF_METHODS),
    freshness: Freshness,
    /** SHA-256 of the authentication certificate (DER). */
    certHash: Base64Url32,
  })
  .readonly();
export type PresenceClaims = z.infer<typeof PresenceClaims>;

const PRESENCE_TYPE = 'presence+jwt';
const PRESENCE_HEADER = encodeBase64Url(encodeUtf8(JSON.stringify({ alg: 'RS256', typ: PRESENCE_TYPE })));

/** The bytes the card signs (RFC 7515 §5.1: header `.` payload, ASCII). */
export function encodePresenceSigningInput(claims: PresenceClaims): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`${PRESENCE_HEADER}.${encodeBase64Url(encodeUtf8(JSON.stringify(claims)))}`);
}

/** The compact JWS from the signed bytes and the card's 256-byte PKCS#1 v1.5 signature. */
export function assemblePresenceProof(signingInput: Uint8Array, signature: Uint8Array): string {
  return `${new TextDecoder().decode(signingInput)}.${encodeBase64Url(signature)}`;
}

/** The claims, unverified: enough to find the binding whose key verifies them. @throws {JoseError} */
export const readPresenceClaims = (proof: string): PresenceClaims => readClaims(proof, PresenceClaims);

/** Verifies the card's signature with the key bound at enrolment, never with a key the client sent. @throws {JoseError} */
export async function verifyPresenceProof(proof: string, cardKey: JWK): Promise<PresenceClaims> {
  const { claims } = await verifyClaims(proof, {
    typ: PRESENCE_TYPE,
    alg: 'RS256',
    claims: PresenceClaims,
    findKey: () => cardKey,
  });
  return claims;
}

/** How a presence proof is named elsewhere: SHA-256 of the compact JWS. */
export const presenceHash = (proof: string): string => digestBase64Url(proof);

/** The terminal's countersignature (JWS `terminal+jwt`, ES256): this proof was taken here, in this submission. */
export const TerminalClaims = z.object({ submissionId: Uuidv7, presenceHash: Base64Url32 }).readonly();
export type TerminalClaims = z.infer<typeof TerminalClaims>;

/** What a terminal hands over for one tap. Sent again unchanged until answered; `submissionId` makes it count once. */
export const PresenceSubmission = z
  .object({
    submissionId: Uuidv7,
    presence: z.string().max(8192),
    /** The authentication certificate, base64 DER: needed for its validity and the coverage, stored by nobody. */
    certificate: z.base64().max(8192),
    terminal: z.string().max(4096),
    /** With `mynumber-terminal`, and only then: the terminal provider's attestation. */
    attestation: z.string().max(4096).optional(),
  })
  .readonly();
export type PresenceSubmission = z.infer<typeof PresenceSubmission>;

/** Countersigns a presence proof with the terminal's key. */
export function signTerminalClaims(submissionId: string, proof: string, key: SigningKey): Promise<string> {
  return signClaims('terminal+jwt', { submissionId, presenceHash: presenceHash(proof) }, key, { jwk: key.publicJwk });
}

/**
 * Verifies that the submission was countersigned by the terminal the proof names as `iss`. Whether that terminal is
 * enrolled is the gateway's knowledge.
 *
 * @throws {JoseError}
 */
export async function verifyTerminalClaims(submission: PresenceSubmission): Promise<{ readonly terminal: string }> {
  const { claims, signer } = await verifyClaims(submission.terminal, {
    typ: 'terminal+jwt',
    claims: TerminalClaims,
    findKey: (header) => header.jwk,
  });
  const named = readPresenceClaims(submission.presence).iss;
  const isSame =
    claims.submissionId === submission.submissionId && claims.presenceHash === presenceHash(submission.presence);
  if (!isSame || signer !== named)
    throw new JoseError('jws_wrong_claims', 'the countersignature is for something else');
  return { terminal: named };
}
