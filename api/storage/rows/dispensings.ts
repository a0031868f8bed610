import type { PrescriptionUse } from '../../contract/dispensing.ts';
import type { OurDispensing } from '../dispensings.ts';

export interface OurDispensingRow {
  readonly request_id: string;
  readonly document_id: string;
  readonly id: string;
  readonly dispensed_at: number;
  readonly envelope_id: string;
}

export interface PrescriptionUseRow {
  readonly document_id: string;
  readonly id: string;
  readonly institution: string;
  readonly used_at: number;
}

export const toOurDispensing = (row: OurDispensingRow): OurDispensing => ({
  ...{ id: row.id, requestId: row.request_id, documentId: row.document_id, envelopeId: row.envelope_id },
  dispensedAt: new Date(row.dispensed_at),
});

export const toPrescriptionUse = ({ used_at, institution }: PrescriptionUseRow): PrescriptionUse => ({
  at: new Date(used_at).toISOString(),
  by: institution,
});
