import type { RecordKind } from '../../contract/record-kind.ts';
import type { StoredDocument } from '../records.ts';

export interface DocumentRow {
  readonly visit_id: string;
  readonly id: string;
  readonly kind: RecordKind;
  readonly registered_at: number;
  readonly resources: number;
  readonly bundle: string;
}

export const toDocument = ({ visit_id, id, kind, registered_at, resources, bundle }: DocumentRow): StoredDocument => ({
  ...{ id, visitId: visit_id, kind, resources, bundle },
  registeredAt: new Date(registered_at),
});
