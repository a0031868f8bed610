import * as z from 'zod';
import { StaffPerson } from './staff-person.ts';

/** A made-up person whose passkey is software (`software-passkey.ts`), offered by a demonstration's gateway to everybody. */
export const DemoStaff = z
  .object({
    person: StaffPerson,
    passkey: z
      .object({
        credentialId: z.string(),
        key: z
          .object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.string() })
          .readonly(),
        prfSecret: z.string(),
        user: z.string(),
      })
      .readonly(),
  })
  .readonly();
export type DemoStaff = z.infer<typeof DemoStaff>;
export const DemoStaffList = z.object({ staff: z.array(DemoStaff).readonly() }).readonly();
