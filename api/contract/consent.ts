import * as z from 'zod';
import { Binding, verifyBinding } from './binding.ts';
import type { InstitutionId } from './ids.ts';
import { JoseError, readClaims } from './jose.ts';
import type { PartyKeys } from './keys-by-thumbprint.ts';
import { readPresenceClaims, verifyPresenceProof, type ConsentScope, type PresenceClaims } from './presence-proof.ts';
import { Problem } from './problem.ts';
import type { RecordKind } from './record-kind.ts';

/** The patient's consent as it travels: what the card signed, and the exchange's word for whose card key that is. */
export const ConsentProof = z.object({ presence: z.string().max(8192), binding: z.string().max(8192) }).readonly();
export type ConsentProof = z.infer<typeof ConsentProof>;

export interface SignedConsent {
  readonly claims: PresenceClaims;
  readonly binding: Binding;
}

export interface VerifiedConsent extends SignedConsent {
  readonly scope: ConsentScope;
}

/**
 * Checks a consent for one recipient and its kinds at a time.
 *
 * @throws {Problem} `consent_invalid`, `consent_wrong_scope`, `consent_wrong_recipient`, `consent_expired`
 */
export async function verifyConsent(
  proof: ConsentProof,
  expected: {
    readonly exchangeKeys: PartyKeys;
    readonly recipient: InstitutionId;
    readonly kinds: readonly RecordKind[];
    readonly at: Date;
  },
): Promise<VerifiedConsent> {
  const signed = await verifyConsentSignature(proof, expected.exchangeKeys);
  requireConsentRecipient(signed.claims, expected.recipient);
  requireConsentExpiry(signed.claims, expected.at);
  return { ...signed, scope: requireConsentScope(signed.claims, expected.kinds) };
}

/**
 * The card's signature, by the key that the exchange named in the binding bound to the card's certificate.
 *
 * @throws {Problem} `consent_invalid`
 */
export async function verifyConsentSignature(proof: ConsentProof, exchangeKeys: PartyKeys): Promise<SignedConsent> {
  try {
    const binding = await verifyBinding(proof.binding, exchangeKeys(readClaims(proof.binding, Binding).iss));
    const claims = await verifyPresenceProof(proof.presence, binding.cardKey);
    if (claims.certHash !== binding.certHash) throw new Problem('consent_invalid', 'the binding is for another card');
    return { claims, binding };
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('consent_invalid', cause.code, { cause });
  }
}

/** @throws {Problem} `consent_wrong_recipient` */
export function requireConsentRecipient({ actorId, scope }: PresenceClaims, recipient: InstitutionId): void {
  if (scope?.recipient !== recipient || actorId !== recipient) {
    throw new Problem('consent_wrong_recipient', 'the consent names another recipient');
  }
}

/** @throws {Problem} `consent_wrong_scope` */
export function requireConsentScope({ purpose, scope }: PresenceClaims, kinds: readonly RecordKind[]): ConsentScope {
  if (purpose !== 'history' || !scope) throw new Problem('consent_wrong_scope', 'not a consent to share');
  if (!kinds.every((kind) => scope.kinds.includes(kind))) {
    throw new Problem('consent_wrong_scope', 'a kind that the consent does not name');
  }
  return scope;
}

/** @throws {Problem} `consent_expired` */
export function requireConsentExpiry({ scope }: PresenceClaims, at: Date): void {
  if (scope && Date.parse(scope.expires) <= at.getTime()) throw new Problem('consent_expired', scope.expires);
}

/** Whom a consent is for, unverified; for display. @throws {JoseError} */
export const readConsentScope = (proof: ConsentProof): ConsentScope | undefined =>
  readPresenceClaims(proof.presence).scope;
