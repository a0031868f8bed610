import { Subject } from '../../contract/ids.ts';
import type { StoredBed } from '../beds.ts';

export interface BedRow {
  readonly id: string;
  readonly ward: string;
  readonly name: string;
  readonly visit_id: string | null;
  readonly subject: string | null;
  readonly since: number | null;
  readonly confirmed_at: number | null;
}

export const toBed = ({ id, ward, name, visit_id, subject, since, confirmed_at }: BedRow): StoredBed => ({
  id,
  ward,
  name,
  occupant:
    visit_id === null || subject === null || since === null
      ? null
      : {
          visitId: visit_id,
          subject: Subject.parse(subject),
          since: new Date(since),
          confirmedAt: confirmed_at === null ? null : new Date(confirmed_at),
        },
});
