import * as z from 'zod';
import { Coverage } from './coverage.ts';
import { Subject } from './ids.ts';

/** A person as a treating institution knows them: from the payer's answer at the person's own visit. */
export const Person = z
  .object({
    subject: Subject,
    /** 姓 名 */
    name: z.string().min(1).max(200),
    /** Full-width katakana; empty where the payer has none. */
    kana: z.string().max(200),
    birthDate: z.iso.date(),
    sex: z.enum(['male', 'female', 'unknown']),
  })
  .readonly();
export type Person = z.infer<typeof Person>;

/** The payer's answer for the screen; `unchecked` when it could not be asked. */
export const CoverageView = z.union([Coverage, z.strictObject({ status: z.literal('unchecked') })]);
export type CoverageView = z.infer<typeof CoverageView>;
