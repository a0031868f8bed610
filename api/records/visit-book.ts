import type { Subject } from '../contract/ids.ts';
import type { Person } from '../contract/person.ts';

/** A visit at this institution, as far as records need it. */
export interface KnownVisit {
  readonly visitId: string;
  /** Null while the exchange has not recorded the visit. */
  readonly subject: Subject | null;
  readonly person: Person | null;
  readonly presentedAt: Date;
}

/** The visits of this institution. */
export interface VisitBook {
  findVisit(visitId: string): Promise<KnownVisit | undefined>;
  visitsOf(subject: Subject): Promise<readonly KnownVisit[]>;
}
