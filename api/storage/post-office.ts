import type { EnvelopeKind, EnvelopeState } from '../contract/envelope.ts';
import type { InstitutionId } from '../contract/ids.ts';

/** An envelope as it waits at the gateway of its sender: signed, encrypted, ready to be sent as it is. */
export interface OutgoingEnvelope {
  readonly id: string;
  readonly to: InstitutionId;
  readonly kind: EnvelopeKind;
  readonly conversation: string;
  readonly created: Date;
  readonly expires: Date;
  readonly digest: string;
  /** Compact JWS. */
  readonly seal: string;
  /** Compact JWE. */
  readonly body: string;
}

/** How far an envelope of ours is. */
export interface EnvelopeProgress {
  readonly id: string;
  readonly digest: string;
  readonly created: Date;
  /** Null until the exchange accepted it. */
  readonly state: EnvelopeState | null;
  /** Why it was refused. */
  readonly reason: string | null;
  /** Verified receipts, compact JWS. */
  readonly receipts: readonly string[];
}

/**
 * The envelopes of a gateway. Outgoing ones are stored together with what they are about, and incoming ones are noted as
 * handled together with what they brought: see `enqueueEnvelope` and `noteHandled` of the driver.
 */
export interface PostOfficeStore {
  /** What the exchange has not accepted yet, oldest first; at least one, then as many as both limits allow. */
  readUnsent(limits: { readonly count: number; readonly bytes: number }): Promise<readonly OutgoingEnvelope[]>;
  /** Accepted envelopes that may still change, and are due to be asked about. */
  readDue(now: Date, count: number): Promise<readonly EnvelopeProgress[]>;
  /** Notes a state that the exchange has vouched for; never backwards. The body goes: the exchange has it. */
  noteState(
    id: string,
    state: EnvelopeState,
    options: { readonly receipts: readonly string[]; readonly reason?: string | undefined; readonly lookAgain: Date },
  ): Promise<void>;
  read(id: string): Promise<EnvelopeProgress | undefined>;
  /** Whether an incoming envelope has had its effect. */
  isHandled(id: string): Promise<boolean>;
}
