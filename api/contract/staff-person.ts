import * as z from 'zod';
import { Uuidv7 } from './ids.ts';

/** Carries the token of a signed-in person (`StaffSession`). */
export const STAFF_HEADER = 'tsunagi-staff';

/** What a person may be in an institution. One person may be several: in a small clinic one is everything. */
export const STAFF_ROLES = ['reception', 'nurse', 'doctor', 'records', 'administrator', 'operator', 'auditor'] as const;
export const StaffRole = z.enum(STAFF_ROLES);
export type StaffRole = z.infer<typeof StaffRole>;

/** At least one. */
export const StaffRoles = z.array(StaffRole).min(1).max(STAFF_ROLES.length).readonly();
export const StaffName = z.string().trim().min(1).max(60);

/** Who is signed in, as the screens name them. */
export const StaffPerson = z.object({ id: Uuidv7, name: StaffName, roles: StaffRoles }).readonly();
export type StaffPerson = z.infer<typeof StaffPerson>;
