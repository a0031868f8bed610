import type { AccessEventStore } from './access-events.ts';
import type { ConsentStore } from './consents.ts';
import type { DirectoryStore } from './directory.ts';
import type { EnrolmentStore } from './enrolment.ts';
import type { EvidenceStore } from './evidence.ts';
import type { PresenceStore } from './presence.ts';
import type { RelayStore } from './relay.ts';
import type { ProbeStore } from './probe.ts';
import type { RequestMemory } from './request-memory.ts';
import type { RetentionStore, ExchangeClass } from './retention.ts';
import type { Signals } from './signals.ts';
import type { VisitStore } from './visits.ts';
import type { WitnessStore } from './witness.ts';

/** Everything that an exchange keeps, in one database of either kind. */
export interface ExchangeStores {
  readonly accessEvents: AccessEventStore;
  readonly consents: ConsentStore;
  readonly directory: DirectoryStore;
  readonly enrolment: EnrolmentStore;
  readonly evidence: EvidenceStore;
  readonly presence: PresenceStore;
  readonly relay: RelayStore;
  readonly probe: ProbeStore;
  /** Where several processes answer; a process that is alone remembers by itself. */
  readonly requests?: RequestMemory;
  readonly retention: RetentionStore<ExchangeClass>;
  readonly signals: Signals;
  readonly visits: VisitStore;
  readonly witness: WitnessStore;
  /** Lets go of the database once nothing is asked of it any longer. */
  close(): Promise<void>;
}
