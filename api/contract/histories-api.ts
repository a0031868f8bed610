import * as z from 'zod';
import { ConsentProof } from './consent.ts';
import { HistoryPart } from './exchange-api.ts';
import { Person } from './person.ts';

/** A patient’s visits as they let them be seen: the consent, and what each exchange answered to it. */
export const HistoryView = z
  .object({ consent: ConsentProof, person: Person.nullable(), parts: z.array(HistoryPart).readonly() })
  .readonly();
export type HistoryView = z.infer<typeof HistoryView>;
