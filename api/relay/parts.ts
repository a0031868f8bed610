import type { Envelope } from '../contract/envelope.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import type { SigningKey } from '../contract/jose.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import type { Bells } from '../http/bells.ts';
import type { RelayStore } from '../storage/relay.ts';
import type { Quota } from './quota.ts';

/** What a relay asks of the directories; it decides nothing about trust by itself. */
export interface RelayDirectory {
  /** @throws {Problem} `recipient_unknown`, `directory_stale` */
  findInstitution(id: InstitutionId): { readonly exchange: ExchangeId };
  exchangeOf(institution: InstitutionId): ExchangeId | undefined;
  /** @throws {Problem} `access_denied` and the above */
  requireEnvelopeAccess(envelope: Pick<Envelope, 'kind' | 'from' | 'to'>): void;
  readonly institutionKeys: PartyKeys;
  readonly exchangeKeys: PartyKeys;
}

/** What the relay of one exchange is made of. */
export interface RelayParts {
  readonly exchange: ExchangeId;
  /** Signs receipts. */
  readonly key: SigningKey;
  readonly store: RelayStore;
  /** What there is room for. */
  readonly quota: Quota;
  /** The directories as they stand now. */
  readonly directory: () => RelayDirectory;
  /** Rung for a mailbox or a peer that has work. */
  readonly bells: Bells;
  readonly now: () => Date;
}

export const mailboxBell = (institution: InstitutionId): string => `mailbox ${institution}`;
export const outgoingBell = (peer: ExchangeId): string => `outgoing ${peer}`;
export const owedBell = (peer: ExchangeId): string => `owed ${peer}`;
