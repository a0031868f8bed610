import * as z from 'zod';
import { digestBase64Url } from './encoding.ts';
import { createId, Uuidv7 } from './ids.ts';
import { JoseError, readClaims, signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { Problem } from './problem.ts';

/** Header that carries the caller's signature over one HTTP request between servers. */
export const SIGNED_REQUEST_HEADER = 'tsunagi-request';

/** Largest difference of two servers' clocks, and how long a request id is remembered. */
export const REQUEST_SKEW_SECONDS = 300;

/**
 * A server's signature over one HTTP request (JWS `request+jwt`): method, path and body cannot be exchanged on the way.
 * The claims follow DPoP's names (RFC 9449 §4.2) with a digest of the body added.
 */
export const RequestClaims = z
  .object({
    /** Institution or exchange id of the caller. */
    iss: z.string().max(80),
    /** Exchange id of the callee. */
    aud: z.string().max(80),
    jti: Uuidv7,
    iat: z.number().int().positive(),
    htm: z.string().max(10),
    /** Path and query as sent. */
    htu: z.string().max(2048),
    /** SHA-256 of the body, base64url; of nothing where there is none. */
    digest: z.string().length(43),
  })
  .readonly();
export type RequestClaims = z.infer<typeof RequestClaims>;

export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

export function signRequest(
  facts: RequestFacts,
  caller: { readonly iss: string; readonly aud: string; readonly key: SigningKey; readonly now: Date },
): Promise<string> {
  const claims: RequestClaims = {
    iss: caller.iss,
    aud: caller.aud,
    jti: createId(),
    iat: Math.floor(caller.now.getTime() / 1000),
    htm: facts.method,
    htu: facts.path,
    digest: digestBase64Url(facts.body),
  };
  return signClaims('request+jwt', claims, caller.key);
}

/**
 * Verifies that `findKey`'s party sent exactly this request, recently, to us. Remembering `jti` is the caller's.
 *
 * @throws {Problem} `unauthenticated`, `clock_skew`
 */
export async function verifyRequest(
  jws: string,
  facts: RequestFacts,
  expected: { readonly aud: string; readonly now: Date; readonly findKey: (iss: string) => KeyFinder },
): Promise<RequestClaims> {
  let claims: RequestClaims;
  try {
    const { iss } = readClaims(jws, RequestClaims);
    claims = (await verifyClaims(jws, { typ: 'request+jwt', claims: RequestClaims, findKey: expected.findKey(iss) }))
      .claims;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('unauthenticated', cause.code, { cause });
  }
  const isThisRequest =
    claims.htm === facts.method && claims.htu === facts.path && claims.digest === digestBase64Url(facts.body);
  if (!isThisRequest) throw new Problem('unauthenticated', 'the signature is over another request');
  if (claims.aud !== expected.aud) throw new Problem('unauthenticated', 'the request was for another server');
  if (Math.abs(expected.now.getTime() / 1000 - claims.iat) > REQUEST_SKEW_SECONDS) {
    throw new Problem('clock_skew', 'the clocks differ by more than five minutes');
  }
  return claims;
}
