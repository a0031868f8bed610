import { Hono } from 'hono';
import * as z from 'zod';
import type { PrescriptionUse } from '../contract/dispensing.ts';
import type { RecordList } from '../contract/records-api.ts';
import { Subject } from '../contract/ids.ts';
import { readBody, readQuery } from '../http/request-body.ts';
import { toReleasedDocument } from './documents.ts';
import { readRegistration } from './read-registration.ts';
import { registerRecords, type RecordParts } from './register.ts';

/** A laboratory's day of results is a fraction of it; scans travel as attachments. */
export const RECORD_LIMIT_BYTES = 16 * 1024 * 1024;

const RecordQuery = z.object({ subject: Subject });

/** The record store of a gateway, for its signed-in terminals. */
export function createRecordRoutes(
  parts: RecordParts & {
    /** Which of our prescriptions were used. */
    readonly readUses: (documentIds: readonly string[]) => Promise<ReadonlyMap<string, PrescriptionUse>>;
  },
): Hono {
  return new Hono()
    .post('/api/records', async (context) => {
      const registration = readRegistration(await readBody(context, RECORD_LIMIT_BYTES));
      return context.json(await registerRecords(parts, registration), 201);
    })
    .get('/api/records', async (context) => {
      const { subject } = readQuery(context, RecordQuery);
      const visitIds = (await parts.visits.visitsOf(subject)).map(({ visitId }) => visitId);
      const stored = await parts.store.readForVisits(visitIds);
      const uses = await parts.readUses(stored.map(({ id }) => id));
      const documents = stored.map((document) => toReleasedDocument(document, uses.get(document.id)));
      return context.json({ subject, documents } satisfies RecordList);
    });
}
