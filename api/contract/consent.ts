import * as z from 'zod';
import { verifyBinding, type Binding } from './binding.ts';
import type { InstitutionId } from './ids.ts';
import { JoseError } from './jose.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { readPresenceClaims, verifyPresenceProof, type ConsentScope, type PresenceClaims } from './presence-proof.ts';
import { Problem } from './problem.ts';
import type { RecordKind } from './record-kind.ts';

/** The patient's consent as it travels: what the card signed, and the exchange's word for whose card key that is. */
export const ConsentProof = z.object({ presence: z.string().max(8192), binding: z.string().max(8192) }).readonly();
export type ConsentProof = z.infer<typeof ConsentProof>;

export interface VerifiedConsent {
  readonly claims: PresenceClaims;
  readonly scope: ConsentScope;
  readonly binding: Binding;
}

/**
 * Checks a consent for one recipient and its kinds at a time.
 *
 * @throws {Problem} `consent_invalid`, `consent_wrong_scope`, `consent_wrong_recipient`, `consent_expired`
 */
export async function verifyConsent(
  proof: ConsentProof,
  expected: {
    readonly findExchangeKey: KeyFinder;
    readonly recipient: InstitutionId;
    readonly kinds: readonly RecordKind[];
    readonly at: Date;
  },
): Promise<VerifiedConsent> {
  let binding: Binding;
  let claims: PresenceClaims;
  try {
    binding = await verifyBinding(proof.binding, expected.findExchangeKey);
    claims = await verifyPresenceProof(proof.presence, binding.cardKey);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('consent_invalid', cause.code, { cause });
  }
  if (claims.certHash !== binding.certHash) throw new Problem('consent_invalid', 'the binding is for another card');
  const { scope } = claims;
  if (claims.purpose !== 'history' || !scope) throw new Problem('consent_wrong_scope', 'not a consent to share');
  if (scope.recipient !== expected.recipient || claims.actorId !== expected.recipient) {
    throw new Problem('consent_wrong_recipient', 'the consent names another recipient');
  }
  if (!expected.kinds.every((kind) => scope.kinds.includes(kind))) {
    throw new Problem('consent_wrong_scope', 'a kind that the consent does not name');
  }
  if (Date.parse(scope.expires) <= expected.at.getTime()) throw new Problem('consent_expired', scope.expires);
  return { claims, scope, binding };
}

/** Whom a consent is for, unverified; for display. @throws {JoseError} */
export const readConsentScope = (proof: ConsentProof): ConsentScope | undefined =>
  readPresenceClaims(proof.presence).scope;
