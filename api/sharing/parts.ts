import type { Certificate } from '../contract/certificate.ts';
import type { PolicyWorld } from '../contract/certificate-profile.ts';
import type { CertificateStatus } from '../contract/certificate-status.ts';
import type { Priority, StatementKind } from '../contract/envelope.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';
import type { SigningKey } from '../contract/jose.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import type { Person } from '../contract/person.ts';
import type { PolicyVersion } from '../contract/policy.ts';
import type { RecordKind } from '../contract/record-kind.ts';
import type { ReleasedDocument } from '../contract/release.ts';
import type { AccessOutbox } from '../storage/access-outbox.ts';
import type { DispensingStore } from '../storage/dispensings.ts';
import type { EnvelopeProgress, OutgoingEnvelope } from '../storage/post-office.ts';
import type { SharingStore } from '../storage/sharing.ts';
import type { FetchWithdrawals } from './consent-checks.ts';

/** Whose signature counts as a doctor's. */
export interface SignerTrust {
  /** The pinned HPKI root. */
  readonly anchors: readonly Certificate[];
  readonly world: PolicyWorld;
  /** Role texts that may ask for records, compared exactly. */
  readonly allowedRoles: readonly string[];
  readonly status: CertificateStatus;
}

/** The keys that sharing verifies with, as the directories stand now. */
export interface SharingDirectory {
  readonly institutionKeys: PartyKeys;
  readonly exchangeKeys: PartyKeys;
}

/** The way out. */
export interface SharingPost {
  /** @throws {Problem} `recipient_unknown`, `access_denied`, `directory_stale`, `envelope_too_large` */
  prepare(message: {
    readonly to: InstitutionId;
    readonly kind: StatementKind;
    readonly conversation: string;
    readonly jws: string;
    readonly expires: Date;
    /** `normal` when left out, `bulk` for a large one. */
    readonly priority?: Priority;
  }): Promise<OutgoingEnvelope>;
  /** Something was stored to be sent. */
  wake(): void;
  findProgress(envelopeId: string): Promise<EnvelopeProgress | undefined>;
}

/** A visit at this institution. */
export interface VisitHere {
  readonly id: string;
  readonly presentedAt: Date;
}

/** What sharing asks of this institution's own records. */
export interface SharingRecords {
  readDocuments(visitIds: readonly string[], kinds: readonly RecordKind[]): Promise<readonly ReleasedDocument[]>;
  countDocuments(visitIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  findPerson(subject: Subject): Promise<Person | null>;
  visitsOf(subject: Subject): Promise<readonly VisitHere[]>;
}

/** What the sharing of one gateway is made of. */
export interface SharingParts {
  readonly institution: InstitutionId;
  /** Signs releases, refusals and delivery receipts. */
  readonly key: SigningKey;
  readonly signers: SignerTrust;
  readonly directory: () => SharingDirectory;
  readonly store: SharingStore;
  readonly post: SharingPost;
  readonly records: SharingRecords;
  readonly dispensings: DispensingStore;
  /** What we said happened, for the exchange's log of accesses. */
  readonly accessOutbox: AccessOutbox;
  /** The policy in force. */
  readonly policy: () => Promise<PolicyVersion>;
  readonly fetchWithdrawals: FetchWithdrawals;
  /** Access events were stored. */
  readonly wakeReporting: () => void;
  readonly now: () => Date;
}

/** How long an answer may be under way. */
export const ANSWER_LIFETIME_MS = 14 * 86_400_000;
