import type { AccessOutbox } from './access-outbox.ts';
import type { AttemptStore } from './attempts.ts';
import type { BedStore } from './beds.ts';
import type { CheckpointStore } from './checkpoints.ts';
import type { DispensingStore } from './dispensings.ts';
import type { DirectoryStore } from './directory.ts';
import type { GatewayVisitStore } from './gateway-visits.ts';
import type { PolicyStore } from './policies.ts';
import type { PostOfficeStore } from './post-office.ts';
import type { RecordStore } from './records.ts';
import type { SharingStore } from './sharing.ts';
import type { ProbeStore } from './probe.ts';
import type { RequestMemory } from './request-memory.ts';
import type { RetentionStore, GatewayClass } from './retention.ts';
import type { Signals } from './signals.ts';
import type { StaffStore } from './staff.ts';
import type { TerminalStore } from './terminals.ts';
import type { WitnessStore } from './witness.ts';

/** Everything that a gateway keeps, in one database of either kind. */
export interface GatewayStores {
  readonly accessOutbox: AccessOutbox;
  readonly attempts: AttemptStore;
  readonly beds: BedStore;
  readonly checkpoints: CheckpointStore;
  readonly directory: DirectoryStore;
  readonly dispensings: DispensingStore;
  readonly policies: PolicyStore;
  readonly postOffice: PostOfficeStore;
  readonly records: RecordStore;
  readonly sharing: SharingStore;
  readonly probe: ProbeStore;
  /** Where several processes answer; a process that is alone remembers by itself. */
  readonly requests?: RequestMemory;
  readonly retention: RetentionStore<GatewayClass>;
  readonly signals: Signals;
  readonly staff: StaffStore;
  readonly terminals: TerminalStore;
  readonly visits: GatewayVisitStore;
  readonly witness: WitnessStore;
  /** Lets go of the database once nothing is asked of it any longer. */
  close(): Promise<void>;
}
