import * as z from 'zod';
import { Subject, Timestamp, Uuidv7 } from './ids.ts';
import { RecordKind } from './record-kind.ts';
import { ReleasedDocument } from './release.ts';

/** A FHIR bundle for a visit, as it is handed in. */
export const RecordRegistration = z
  .object({
    visitId: Uuidv7,
    kind: RecordKind,
    bundle: z.record(z.string(), z.unknown()),
    /** The clerk saw that the file names another person and wants it all the same. */
    confirmOtherName: z.boolean().default(false),
  })
  .readonly();
export type RecordRegistration = z.input<typeof RecordRegistration>;

/** A bundle that was kept. */
export const RegisteredRecords = z
  .object({ id: Uuidv7, visitId: Uuidv7, kind: RecordKind, registeredAt: Timestamp, resources: z.number().int() })
  .readonly();
export type RegisteredRecords = z.infer<typeof RegisteredRecords>;

/** What is kept here of one person. */
export const RecordList = z.object({ subject: Subject, documents: z.array(ReleasedDocument).readonly() }).readonly();
export type RecordList = z.infer<typeof RecordList>;
