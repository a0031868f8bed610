import type { EnvelopeKind, EnvelopeState, Priority } from '../contract/envelope.ts';
import type { InstitutionId } from '../contract/ids.ts';
import type { Limits } from './fair-lanes.ts';

/** An envelope as it waits at the gateway of its sender: signed, encrypted, ready to be sent as it is. */
export interface OutgoingEnvelope {
  readonly id: string;
  readonly to: InstitutionId;
  readonly kind: EnvelopeKind;
  readonly priority: Priority;
  readonly conversation: string;
  readonly created: Date;
  readonly expires: Date;
  readonly digest: string;
  /** Compact JWS. */
  readonly seal: string;
  /** Compact JWE, or the bytes of a large body. */
  readonly body: string | Uint8Array;
  /** What the body holds, kept until it arrived so that it can be sent anew; null for what cannot be sent twice. */
  readonly statement: string | null;
}

/** What waits to be sent. A large body (`body` null) is read piece by piece. */
export interface UnsentEnvelope extends Omit<OutgoingEnvelope, 'body' | 'statement'> {
  readonly body: string | null;
  /** Length of the body in bytes. */
  readonly size: number;
}

/** How far an envelope of ours is. */
export interface EnvelopeProgress {
  readonly id: string;
  readonly digest: string;
  readonly created: Date;
  /** Null until the exchange accepted it. */
  readonly state: EnvelopeState | null;
  /** Why it was refused, or is held. */
  readonly reason: string | null;
  /** Verified receipts, compact JWS. */
  readonly receipts: readonly string[];
}

/** An envelope of ours that did not arrive, with what it held. */
export interface UndeliveredEnvelope extends EnvelopeProgress {
  readonly to: InstitutionId;
  readonly kind: EnvelopeKind;
  readonly priority: Priority;
  readonly conversation: string;
  readonly expires: Date;
  readonly ended: Date;
  readonly statement: string | null;
}

/**
 * The envelopes of a gateway. Outgoing ones are stored together with what they are about, and incoming ones are noted as
 * handled together with what they brought: see `enqueueEnvelope` and `noteHandled` of the driver.
 */
export interface PostOfficeStore {
  /**
   * What the exchange has not accepted yet, by lane and in the order of arrival (`fair-lanes.ts`); at least one, then as
   * many as both limits allow. All that is unsent of one conversation shares the lane of its most urgent.
   */
  readUnsent(limits: Limits & { readonly except?: readonly InstitutionId[] }): Promise<readonly UnsentEnvelope[]>;
  /** Bytes of a large body from an offset on, at most `length`; none past the end or without it. */
  readPiece(id: string, offset: number, length: number): Promise<Uint8Array>;
  /**
   * Accepted envelopes that may still change, and are due to be asked about. So is one whose turn lies after `latest`: a
   * clock that was wrong for a while set it.
   */
  readDue(time: { readonly now: Date; readonly latest: Date }, count: number): Promise<readonly EnvelopeProgress[]>;
  /**
   * Notes a state that the exchange has vouched for; never backwards. The body goes: the exchange has it. The statement goes
   * once the envelope was acknowledged.
   */
  noteState(
    id: string,
    state: EnvelopeState,
    options: {
      readonly receipts: readonly string[];
      readonly reason?: string | undefined;
      readonly lookAgain: Date;
      /** When; for one that ended. */
      readonly at?: Date;
    },
  ): Promise<void>;
  /** The progress of an envelope, or of the one that was sent in its place. */
  read(id: string): Promise<EnvelopeProgress | undefined>;
  /** Whether an incoming envelope has had its effect. */
  isHandled(id: string): Promise<boolean>;

  /** Envelopes that expired or were refused, and were neither sent anew nor discarded; newest end first. */
  readUndelivered(count: number): Promise<readonly UndeliveredEnvelope[]>;
  readUndeliveredOne(id: string): Promise<UndeliveredEnvelope | undefined>;
  /** Stores the envelope that is sent in place of an undelivered one; false when that is none (any more). */
  resend(id: string, outgoing: OutgoingEnvelope): Promise<boolean>;
  /** Gives an undelivered envelope up, and forgets what it held; false when it is none (any more). */
  discard(id: string): Promise<boolean>;
}
