import * as z from 'zod';
import { Base64Url32, Timestamp } from './ids.ts';
import { StaffName, StaffPerson, StaffRoles } from './staff-person.ts';

/** A person as an administrator sees them. */
export const StaffMember = z
  .object({
    ...StaffPerson.unwrap().shape,
    createdAt: Timestamp,
    /** From then on they cannot sign in. */
    disabledAt: Timestamp.nullable(),
    passkeys: z.number().int().nonnegative(),
    lastSignInAt: Timestamp.nullable(),
  })
  .readonly();
export type StaffMember = z.infer<typeof StaffMember>;
export const StaffList = z.object({ members: z.array(StaffMember).readonly() }).readonly();
export type StaffList = z.infer<typeof StaffList>;

export const StaffPosting = z.object({ name: StaffName, roles: StaffRoles }).readonly();
export type StaffPosting = z.infer<typeof StaffPosting>;

export const StaffChange = z.object({ roles: StaffRoles.optional(), isDisabled: z.boolean().optional() }).readonly();
export type StaffChange = z.infer<typeof StaffChange>;

/** What an administrator hands to somebody, once; whoever has it makes a passkey for that person. */
export const StaffInvitation = z.object({ member: StaffMember, code: z.string(), expires: Timestamp }).readonly();
export type StaffInvitation = z.infer<typeof StaffInvitation>;

/** The first person of an institution, let in by the code that its server printed. */
export const FirstStaffPosting = z.object({ ...StaffPosting.unwrap().shape, code: z.string().max(20) }).readonly();
export type FirstStaffPosting = z.infer<typeof FirstStaffPosting>;

/** A code that lets one terminal in. */
export const TerminalCodePosting = z.object({ receives: z.boolean() }).readonly();
export const TerminalCode = z.object({ code: z.string(), expires: Timestamp }).readonly();
export type TerminalCode = z.infer<typeof TerminalCode>;

/** A terminal as an administrator sees it. */
export const TerminalEntry = z
  .object({
    terminal: Base64Url32,
    name: z.string(),
    enrolledAt: Timestamp,
    receives: z.boolean(),
    revokedAt: Timestamp.nullable(),
  })
  .readonly();
export type TerminalEntry = z.infer<typeof TerminalEntry>;
export const TerminalList = z.object({ terminals: z.array(TerminalEntry).readonly() }).readonly();
export type TerminalList = z.infer<typeof TerminalList>;

/**
 * A signed-in person on one terminal. The token travels in the header `tsunagi-staff` beside the terminal's cookie and
 * lives in a window's memory only: a locked or reloaded screen has none.
 */
export const StaffSession = z.object({ token: Base64Url32, person: StaffPerson, expires: Timestamp }).readonly();
export type StaffSession = z.infer<typeof StaffSession>;
