import type { Envelope, EnvelopeState } from '../contract/envelope.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import type { Limits } from './fair-lanes.ts';

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
  /** Null for a body that was uploaded: it is read piece by piece with `readPiece`. */
  readonly body: string | null;
  /** Length of the body in bytes. */
  readonly size: number;
}

/** A signed receipt, taken apart as far as it is stored. */
export interface StoredReceipt {
  readonly issuer: ExchangeId;
  readonly state: EnvelopeState;
  readonly at: Date;
  readonly jws: string;
  /** Why, of one that refuses or holds. */
  readonly reason?: string | undefined;
}

/** `body` null: the upload of the same id, which must be whole, becomes the body in the same commit. */
export type AcceptedEnvelope = Omit<EnvelopeWithBody, 'state' | 'changed' | 'receipts' | 'size'>;

/** A large body on its way in: what its sender announced, and how much of it is stored. */
export interface Upload {
  /** The envelope's. */
  readonly id: string;
  readonly to: InstitutionId;
  readonly from: InstitutionId;
  readonly digest: string;
  readonly size: number;
  readonly received: number;
  readonly expires: Date;
}

/** An envelope that is not on its way any more, or stands still until a person decides. */
export interface DeadLetter extends RelayedEnvelope {
  /** Why it is held or was refused: a problem code; null for one that expired. */
  readonly reason: string | null;
}

/** What waits for one destination. */
export interface Load {
  readonly count: number;
  readonly bytes: number;
}

/** Counts and ages for the operator; nothing about content. */
export interface RelayCounts {
  readonly mailboxes: ReadonlyMap<InstitutionId, number>;
  readonly peers: ReadonlyMap<ExchangeId, number>;
}

/** How much is wanted at once, and whose turn it is not. */
export interface Selection extends Limits {
  /** Recipients (of `readOutgoing`) or conversations (of `readMailbox`) to leave out. */
  readonly except?: readonly string[];
}

/**
 * What an exchange's relay keeps. Every write is durable when it resolves, and may have happened when it rejects: all
 * writes can be repeated.
 *
 * Whatever is handed out comes by lane (`fair-lanes.ts`), in the order of arrival inside each. All that waits of one
 * conversation for one recipient shares a lane, the most urgent of them, so that nothing overtakes inside it.
 */
export interface RelayStore {
  /**
   * Stores an envelope with the receipt of its acceptance; one that is known with the same digest is answered as it
   * stands now, and nothing changes.
   *
   * @throws {Problem} `conflict` when the id is known for something else; `upload_unknown` without the whole upload
   */
  accept(
    envelope: AcceptedEnvelope,
    receipt: StoredReceipt,
  ): Promise<{ readonly isNew: boolean; readonly entry: RelayedEnvelope }>;
  read(id: string): Promise<RelayedEnvelope | undefined>;
  /** What waits for a member; at least one, then as many as both limits allow. */
  readMailbox(institution: InstitutionId, selection: Selection): Promise<readonly EnvelopeWithBody[]>;
  /** What waits to be handed to a peer and is not held. */
  readOutgoing(peer: ExchangeId, selection: Selection): Promise<readonly EnvelopeWithBody[]>;
  /**
   * Envelopes still here after their time, that nobody else can have: never handed out, or held. Of those that were handed
   * out or may have been, the ones whose time ended before `inDoubtBefore`.
   */
  readExpired(
    over: { readonly now: Date; readonly inDoubtBefore: Date },
    count: number,
  ): Promise<readonly RelayedEnvelope[]>;
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

  /** What waits for a member or a peer, whole uploads or not left out. */
  readLoad(destination: { readonly mailbox: InstitutionId } | { readonly peer: ExchangeId }): Promise<Load>;
  /** About how many bytes the relay's tables take, uploads included. */
  readStoredBytes(): Promise<number>;

  /**
   * Begins an upload; one that is known with the same digest and size is answered as it stands.
   *
   * @throws {Problem} `conflict` when the id is known for something else
   */
  openUpload(upload: Omit<Upload, 'received'>): Promise<Upload>;
  readUpload(id: string): Promise<Upload | undefined>;
  /**
   * Adds bytes at the end of what is there.
   *
   * @throws {Problem} `upload_unknown`, `upload_wrong_offset` when `offset` is not the end or the bytes go past the size
   */
  appendUpload(id: string, offset: number, bytes: Uint8Array): Promise<Upload>;
  /** Bytes of an upload or of an uploaded body from an offset on, at most `length`; none past the end or without it. */
  readPiece(id: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Forgets uploads whose time is over; resolves with how many. */
  dropUploads(now: Date): Promise<number>;

  /**
   * Stops an outgoing envelope until a person decides, with our receipt that says so. Nothing happens to one that is
   * further than `held`.
   */
  hold(id: string, reason: string, receipt: StoredReceipt): Promise<RelayedEnvelope | undefined>;
  /** Lets a held envelope go again; false when it is not held (any more). */
  resend(id: string): Promise<boolean>;
  /** Held envelopes and those that expired or were refused and were not dismissed, newest change first. */
  readDeadLetters(count: number): Promise<readonly DeadLetter[]>;
  /** Held since before a time, oldest first. */
  readHeld(before: Date, count: number): Promise<readonly DeadLetter[]>;
  /** Takes an ended envelope off the list of dead letters; false for one that is not on it or is held. */
  dismiss(id: string): Promise<boolean>;
}
