import * as z from 'zod';
import { digest, digestBase64Url } from '../encoding.ts';
import { EcPublicJwk } from '../ec-public-jwk.ts';
import { Base64Url32, InstitutionId, Uuidv7 } from '../ids.ts';
import { JoseError, signClaims, verifyClaims, type SigningKey } from '../jose.ts';
import type { KeyFinder } from '../keys-by-thumbprint.ts';
import { Problem } from '../problem.ts';

/** What a session can be opened for. */
export const SESSION_SERVICES = ['results-available'] as const;
export type SessionService = (typeof SESSION_SERVICES)[number];

/** INIT, JWS `session-init+jwt` by the initiator: who calls whom, for what, with which key of this session only. */
export const SessionInit = z
  .object({
    version: z.literal(1),
    /** Also the conversation of every envelope of the session. */
    sid: Uuidv7,
    from: InstitutionId,
    to: InstitutionId,
    service: z.enum(SESSION_SERVICES),
    /** Ephemeral P-256 key. */
    epk: EcPublicJwk,
    nonce: Base64Url32,
    iat: z.number().int().positive(),
    exp: z.number().int().positive(),
  })
  .readonly();
export type SessionInit = z.infer<typeof SessionInit>;

/** ACCEPT, JWS `session-accept+jwt` by the responder, over the very INIT that it answers. */
export const SessionAccept = z
  .object({
    version: z.literal(1),
    sid: Uuidv7,
    from: InstitutionId,
    to: InstitutionId,
    epk: EcPublicJwk,
    nonce: Base64Url32,
    /** SHA-256 of the INIT, as it arrived. */
    init: Base64Url32,
    iat: z.number().int().positive(),
  })
  .readonly();
export type SessionAccept = z.infer<typeof SessionAccept>;

/** CONFIRM, JWS `session-confirm+jwt` by the initiator inside its first frame: its word for both keys, too. */
export const SessionConfirm = z
  .object({ version: z.literal(1), sid: Uuidv7, from: InstitutionId, to: InstitutionId, transcript: Base64Url32 })
  .readonly();
export type SessionConfirm = z.infer<typeof SessionConfirm>;

export const signInit = (init: SessionInit, key: SigningKey) => signClaims('session-init+jwt', init, key);
export const signAccept = (accept: SessionAccept, key: SigningKey) => signClaims('session-accept+jwt', accept, key);
export const signConfirm = (confirm: SessionConfirm, key: SigningKey) =>
  signClaims('session-confirm+jwt', confirm, key);

/** @throws {Problem} `session_untrusted` */
export const verifyInit = (jws: string, findKey: KeyFinder): Promise<SessionInit> =>
  verified('session-init+jwt', jws, SessionInit, findKey);
/** @throws {Problem} `session_untrusted` */
export const verifyAccept = (jws: string, findKey: KeyFinder): Promise<SessionAccept> =>
  verified('session-accept+jwt', jws, SessionAccept, findKey);
/** @throws {Problem} `session_untrusted` */
export const verifyConfirm = (jws: string, findKey: KeyFinder): Promise<SessionConfirm> =>
  verified('session-confirm+jwt', jws, SessionConfirm, findKey);

/** What both sides signed: SHA-256 of INIT, a full stop, ACCEPT, as they travelled. */
export const transcriptHash = (init: string, accept: string): Uint8Array<ArrayBuffer> => digest(`${init}.${accept}`);
export const initHash = (init: string): string => digestBase64Url(init);

async function verified<T>(typ: string, jws: string, claims: z.ZodType<T>, findKey: KeyFinder): Promise<T> {
  try {
    return (await verifyClaims(jws, { typ, claims, findKey })).claims;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('session_untrusted', cause.code, { cause });
  }
}
