import type { Binding, RsaPublicJwk } from '../../contract/binding.ts';
import type { PeerHistory } from '../../contract/exchange-api.ts';
import type { ExchangeId, InstitutionId, Subject } from '../../contract/ids.ts';
import type { SigningKey } from '../../contract/jose.ts';
import type { PartyKeys } from '../../contract/keys-by-thumbprint.ts';
import type { Person } from '../../contract/person.ts';
import type { PresenceClaims, PresenceSubmission } from '../../contract/presence-proof.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import type { ConsentStore } from '../../storage/consents.ts';
import type { PresenceUse } from '../../storage/presence.ts';

/** Which card key belongs to which certificate, and to whom. */
export interface KnownBinding {
  readonly subject: Subject;
  readonly certHash: string;
  readonly cardKey: RsaPublicJwk;
  readonly application: Binding['application'];
  readonly enrolledAt: Date;
}

/** A tap that holds in every respect and has not been used. */
export interface VerifiedTap {
  readonly claims: PresenceClaims;
  readonly binding: KnownBinding;
  readonly presentedAt: Date;
  readonly use: PresenceUse;
}

/** What the histories of one exchange are made of. */
export interface HistoryParts {
  readonly exchange: ExchangeId;
  /** Signs bindings. */
  readonly key: SigningKey;
  readonly consents: ConsentStore;
  /** Verifies a tap with the purpose `history`; uses nothing up. Rejects with a `Problem`. */
  readonly verifyTap: (submission: PresenceSubmission, actor: InstitutionId) => Promise<VerifiedTap>;
  readonly findBinding: (certHash: string) => Promise<KnownBinding | undefined>;
  /** All of a person's receipts at this exchange. */
  readonly readReceipts: (subject: Subject) => Promise<PeerHistory>;
  /** Asks the payer for the name that belongs to the card; null when it does not answer. */
  readonly findPerson: (query: {
    readonly certificate: Uint8Array;
    readonly institution: InstitutionId;
    readonly at: Date;
    readonly subject: Subject;
  }) => Promise<Person | null>;
  readonly peers: readonly ExchangeClient[];
  readonly directory: () => {
    readonly exchangeKeys: PartyKeys;
    exchangeOf(institution: InstitutionId): ExchangeId | undefined;
  };
  readonly now: () => Date;
}
