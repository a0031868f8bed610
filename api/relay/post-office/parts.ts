import type { Envelope, StatementKind } from '../../contract/envelope.ts';
import type { EcPublicJwk } from '../../contract/ec-public-jwk.ts';
import type { ExchangeId, InstitutionId } from '../../contract/ids.ts';
import type { DecryptionKey, SigningKey } from '../../contract/jose.ts';
import type { PartyKeys } from '../../contract/keys-by-thumbprint.ts';
import type { Bells } from '../../http/bells.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import type { PostOfficeStore } from '../../storage/post-office.ts';

/** What a post office asks of the directories. */
export interface PostDirectory {
  /** @throws {Problem} `recipient_unknown`, `directory_stale` */
  findInstitution(id: InstitutionId): {
    readonly exchange: ExchangeId;
    readonly encryptionKeys: readonly EcPublicJwk[];
  };
  /** @throws {Problem} `access_denied` and the above */
  requireEnvelopeAccess(envelope: Pick<Envelope, 'kind' | 'from' | 'to'>): void;
  readonly institutionKeys: PartyKeys;
  readonly exchangeKeys: PartyKeys;
}

/** What the post office of one gateway is made of. */
export interface PostOfficeParts {
  readonly institution: InstitutionId;
  /** Signs envelopes. */
  readonly signingKey: SigningKey;
  /** Opens what arrives; older keys stay in the list while messages to them may come. */
  readonly decryptionKeys: readonly DecryptionKey[];
  readonly client: ExchangeClient;
  readonly store: PostOfficeStore;
  readonly directory: () => PostDirectory;
  readonly bells: Bells;
  readonly now: () => Date;
}

/**
 * Takes what an envelope of one kind brought. Must store its effect and `noteHandled` in one commit; an envelope that was
 * handled before has no second effect.
 *
 * Throws a `Problem` to refuse; a temporary one leaves the envelope where it is.
 */
export type EnvelopeHandler = (envelope: Envelope, jws: string) => Promise<void>;

export type EnvelopeHandlers = Readonly<Record<StatementKind, EnvelopeHandler>>;

/** Takes a frame of a session; it keeps nothing beyond the session. */
export type SessionHandler = (envelope: Envelope, body: string) => Promise<void>;

export const OUTBOX_BELL = 'outbox';
