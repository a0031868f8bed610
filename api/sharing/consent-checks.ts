import type { SignedConsent } from '../contract/consent.ts';
import type { Subject } from '../contract/ids.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import { endsConsent, verifyWithdrawal, type Withdrawal } from '../contract/withdrawal.ts';

/** What our exchange knows of a person's withdrawals. Rejects with `exchange_unreachable`: then nothing may leave. */
export type FetchWithdrawals = (subject: Subject) => Promise<readonly Withdrawal[]>;

/**
 * Whether a consent still stands: nobody but the person can end it, so every withdrawal is verified here, and one that does
 * not hold ends nothing.
 *
 * @throws {Problem} `consent_withdrawn`, `exchange_unreachable`
 */
export async function requireStanding(
  { claims, binding }: SignedConsent,
  fetchWithdrawals: FetchWithdrawals,
  exchangeKeys: PartyKeys,
): Promise<void> {
  for (const proof of await fetchWithdrawals(binding.subject)) {
    const withdrawal = await verifyQuietly(proof, exchangeKeys);
    if (withdrawal && endsConsent(withdrawal, { claims, subject: binding.subject })) {
      throw new Problem('consent_withdrawn', new Date(withdrawal.claims.iat * 1000).toISOString());
    }
  }
}

async function verifyQuietly(proof: Withdrawal, exchangeKeys: PartyKeys) {
  try {
    return await verifyWithdrawal(proof, exchangeKeys);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'consent_invalid') throw error;
    return undefined;
  }
}
