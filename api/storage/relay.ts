import type { Envelope, EnvelopeState } from '../contract/envelope.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';

/** Where an exchange takes an envelope: a member's mailbox, or the exchange of the recipient's network. */
export type Destination = { readonly kind: 'mailbox' } | { readonly kind: 'peer'; readonly exchange: ExchangeId };

/** What the relay knows of an envelope. The body is kept apart and only as long as it has to be handed on. */
export interface RelayedEnvelope {
  readonly envelope: Envelope;
  /** The envelope as its sender signed it, compact JWS. */
  readonly seal: string;
  readonly destination: Destination;
  /** The exchange that handed it over; null when a member did. */
  readonly origin: ExchangeId | null;
  readonly state: EnvelopeState;
  readonly changed: Date;
  /** Signed receipts of the states so far, ours and those of the other exchange, in order of arrival. */
  readonly receipts: readonly string[];
}

export interface EnvelopeWithBody extends RelayedEnvelope {
  readonly body: string;
}

/** A signed receipt, taken apart as far as it is stored. */
export interface StoredReceipt {
  readonly issuer: ExchangeId;
  readonly state: EnvelopeState;
  readonly at: Date;
  readonly jws: string;
}

export type AcceptedEnvelope = Omit<EnvelopeWithBody, 'state' | 'changed' | 'receipts'>;

/** Counts and ages for the operator; nothing about content. */
export interface RelayCounts {
  readonly mailboxes: ReadonlyMap<InstitutionId, number>;
  readonly peers: ReadonlyMap<ExchangeId, number>;
}

/**
 * What an exchange's relay keeps. Every write is durable when it resolves, and may have happened when it rejects: all
 * writes can be repeated.
 */
export interface RelayStore {
  /**
   * Stores an envelope with the receipt of its acceptance; one that is known with the same digest is answered as it
   * stands now, and nothing changes.
   *
   * @throws {Problem} `conflict` when the id is known for something else
   */
  accept(
    envelope: AcceptedEnvelope,
    receipt: StoredReceipt,
  ): Promise<{ readonly isNew: boolean; readonly entry: RelayedEnvelope }>;
  read(id: string): Promise<RelayedEnvelope | undefined>;
  /** What waits for a member, oldest first; at least one, then as many as both limits allow. */
  readMailbox(
    institution: InstitutionId,
    limits: { readonly count: number; readonly bytes: number },
  ): Promise<readonly EnvelopeWithBody[]>;
  /** What waits to be handed to a peer, oldest first. */
  readOutgoing(
    peer: ExchangeId,
    limits: { readonly count: number; readonly bytes: number },
  ): Promise<readonly EnvelopeWithBody[]>;
  /** Envelopes still here after their time. */
  readExpired(now: Date, count: number): Promise<readonly RelayedEnvelope[]>;
  /**
   * Adds receipts and moves the envelope to the furthest state that any of them names; never backwards. Receipts of our
   * own are also owed to the exchange that the envelope came from. The body goes once nobody has to be given it.
   */
  advance(
    id: string,
    receipts: readonly (StoredReceipt & { readonly isOwn: boolean })[],
  ): Promise<RelayedEnvelope | undefined>;
  /** Receipts that a peer has not confirmed yet, oldest first. */
  readOwed(peer: ExchangeId, count: number): Promise<readonly { readonly sequence: number; readonly jws: string }[]>;
  settleOwed(peer: ExchangeId, sequences: readonly number[]): Promise<void>;
  /** The newest envelopes by last change. */
  readRecent(count: number): Promise<readonly RelayedEnvelope[]>;
  countWaiting(): Promise<RelayCounts>;
}
