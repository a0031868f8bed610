import * as z from 'zod';
import { Subject } from '../ids.ts';

/** An operator's order to forget a person at one exchange. */
export const Forgetting = z.strictObject({ subject: Subject }).readonly();

/** How many records went. None is no error: the order may be given again. */
export const Forgotten = z.object({ records: z.number().int().nonnegative() }).readonly();
export type Forgotten = z.infer<typeof Forgotten>;
