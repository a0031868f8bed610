import type { ExchangeId, InstitutionId } from '../../contract/ids.ts';
import type { PartyKeys } from '../../contract/keys-by-thumbprint.ts';
import type { PresenceSubmission } from '../../contract/presence-proof.ts';
import type { Receipt } from '../../contract/evidence/receipt.ts';
import type { Bells } from '../../http/bells.ts';
import type { AccessEventStore, StoredAccessEvent } from '../../storage/access-events.ts';
import type { PresenceUse } from '../../storage/presence.ts';
import type { HistoryParts, VerifiedTap } from '../history/parts.ts';

/** What a person's access log and withdrawals at one exchange are made of. */
export interface AccessParts extends Pick<
  HistoryParts,
  'exchange' | 'key' | 'consents' | 'findBinding' | 'findPerson' | 'peers' | 'now'
> {
  readonly events: AccessEventStore;
  /** Verifies a tap with this purpose; uses nothing up. Rejects with a `Problem`. */
  readonly verifyTap: (
    submission: PresenceSubmission,
    actor: InstitutionId,
    purpose: 'withdrawal' | 'access-log',
  ) => Promise<VerifiedTap>;
  readonly usePresence: (use: PresenceUse) => Promise<void>;
  /** The receipt of an event, null while the evidence log does not hold it. */
  readonly receiptOf: (event: StoredAccessEvent) => Promise<Receipt | null>;
  readonly directory: () => {
    readonly exchangeKeys: PartyKeys;
    readonly institutionKeys: PartyKeys;
    exchangeOf(institution: InstitutionId): ExchangeId | undefined;
  };
  readonly bells: Bells;
  readonly random: (size: number) => Uint8Array;
}

/** Rings when a peer is owed a withdrawal. */
export const withdrawalBell = (peer: ExchangeId): string => `withdrawals for ${peer}`;
