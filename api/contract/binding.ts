import * as z from 'zod';
import { Base64Url32, ExchangeId, Subject, Timestamp } from './ids.ts';
import { signClaims, verifyClaims, type SigningKey } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';

/** An RSA public key as the card's application key travels in a binding. */
export const RsaPublicJwk = z
  .object({ kty: z.literal('RSA'), n: z.string().max(1024), e: z.string().max(16) })
  .readonly();
export type RsaPublicJwk = z.infer<typeof RsaPublicJwk>;

/**
 * What an exchange learned when a card was enrolled (JWS `binding+jwt`): this certificate and this card key were one
 * card then, and belong to this subject. With it anyone who trusts the exchange can verify a tap.
 */
export const Binding = z
  .object({
    version: z.literal(1),
    iss: ExchangeId,
    subject: Subject,
    certHash: Base64Url32,
    cardKey: RsaPublicJwk,
    application: z.enum(['text-ap', 'surface-ap', 'jpki']),
    enrolledAt: Timestamp,
  })
  .readonly();
export type Binding = z.infer<typeof Binding>;

export const signBinding = (binding: Binding, key: SigningKey): Promise<string> =>
  signClaims('binding+jwt', binding, key);

/** @throws {JoseError} */
export async function verifyBinding(jws: string, findKey: KeyFinder): Promise<Binding> {
  return (await verifyClaims(jws, { typ: 'binding+jwt', claims: Binding, findKey })).claims;
}
