import * as z from 'zod';
import { ConsentProof, verifyConsentSignature, type SignedConsent } from './consent.ts';
import type { Subject } from './ids.ts';
import type { PartyKeys } from './keys-by-thumbprint.ts';
import type { PresenceClaims, WithdrawalScope } from './presence-proof.ts';
import { Problem } from './problem.ts';

/**
 * A consent taken back, as it travels: what the card signed (purpose `withdrawal`) with the exchange's word for whose card
 * it was, so that whoever holds a record can verify it without believing anybody in between.
 */
export const Withdrawal = ConsentProof;
export type Withdrawal = ConsentProof;

/** The withdrawals of one person that an exchange knows of. */
export const StandingRequest = z.object({ subject: z.string().max(64) }).readonly();
export const Standing = z.object({ withdrawals: z.array(Withdrawal).readonly() }).readonly();

/** A peer tells of a withdrawal that it verified; we verify it again. */
export const PeerWithdrawal = z.object({ withdrawal: Withdrawal }).readonly();

export interface VerifiedWithdrawal extends SignedConsent {
  readonly withdraws: WithdrawalScope;
}

/** @throws {Problem} `consent_invalid` when it is not this card's withdrawal */
export async function verifyWithdrawal(proof: Withdrawal, exchangeKeys: PartyKeys): Promise<VerifiedWithdrawal> {
  const signed = await verifyConsentSignature(proof, exchangeKeys);
  const { purpose, withdraws } = signed.claims;
  if (purpose !== 'withdrawal' || !withdraws) throw new Problem('consent_invalid', 'not a withdrawal');
  return { ...signed, withdraws };
}

/** Whether a withdrawal ends a consent: it was signed by the same person no earlier, for the consent's recipient or for all. */
export function endsConsent(
  withdrawal: Pick<VerifiedWithdrawal, 'claims' | 'withdraws'> & { readonly binding: { readonly subject: Subject } },
  consent: { readonly claims: PresenceClaims; readonly subject: Subject },
): boolean {
  const { recipient } = withdrawal.withdraws;
  return (
    withdrawal.binding.subject === consent.subject &&
    withdrawal.claims.iat >= consent.claims.iat &&
    (recipient === undefined || recipient === consent.claims.scope?.recipient)
  );
}
