import type { StoredConsent, StoredWithdrawal } from '../consents.ts';

export interface ConsentRow {
  readonly institution: string;
  readonly submission_id: string;
  readonly submission_hash: string;
  readonly subject: string;
  readonly presence: string;
  readonly binding: string;
}

export const toConsent = ({ institution, subject, presence, binding, ...row }: ConsentRow): StoredConsent => ({
  ...{ institution, subject, presence, binding },
  submissionId: row.submission_id,
  submissionHash: row.submission_hash,
});

export interface WithdrawalRow {
  readonly subject: string;
  readonly id: string;
  readonly accepted_at: number;
  readonly presence: string;
  readonly binding: string;
}

export const toWithdrawal = ({ accepted_at, ...row }: WithdrawalRow): StoredWithdrawal => ({
  ...row,
  acceptedAt: new Date(accepted_at),
});
