import * as z from 'zod';
import { Subject, Timestamp, Uuidv7 } from './ids.ts';
import { Person } from './person.ts';

/**
 * A bed and who lies in it, for the tablet that is carried from one to the next.
 *
 * | Request | Body → answer |
 * |---|---|
 * | `GET /api/beds` | → BedList, by ward and name |
 * | `POST /api/beds` | NewBed → Bed (201); `conflict` when the ward has a bed of that name |
 * | `DELETE /api/beds/:id` | → 204; `conflict` while somebody lies in it |
 * | `PUT /api/beds/:id/occupant` | BedOccupation → Bed; `conflict` when somebody else than expected lies there |
 * | `POST /api/beds/:id/confirmations` | BedTap → BedConfirmation |
 */
export const NewBed = z
  .object({ ward: z.string().trim().min(1).max(40), name: z.string().trim().min(1).max(20) })
  .readonly();
export type NewBed = z.infer<typeof NewBed>;

export const Bed = z
  .object({
    id: Uuidv7,
    ward: z.string(),
    name: z.string(),
    person: Person.nullable(),
    /** Since when the person lies there. */
    since: Timestamp.nullable(),
    /** When their own card was last laid on a reader at this bed. */
    confirmedAt: Timestamp.nullable(),
  })
  .readonly();
export type Bed = z.infer<typeof Bed>;

export const BedList = z.object({ beds: z.array(Bed).readonly() }).readonly();
export type BedList = z.infer<typeof BedList>;

/** The person of a recorded visit lies down, out of any other bed where they may have been before; or nobody does. */
export const BedOccupation = z
  .object({
    visitId: Uuidv7.nullable(),
    /** Who has to be in the bed now: what the screen showed when somebody decided. */
    replacing: Subject.nullable(),
  })
  .readonly();
export type BedOccupation = z.infer<typeof BedOccupation>;

/** A tap at the bed that the exchange has recorded. */
export const BedTap = z.object({ visitId: Uuidv7 }).readonly();

/** Whose card it was: of who lies there, of somebody else, or of somebody at an empty bed. */
export const BED_OUTCOMES = ['same', 'other', 'empty'] as const;
export const BedConfirmation = z.object({ outcome: z.enum(BED_OUTCOMES), person: Person, bed: Bed }).readonly();
export type BedConfirmation = z.infer<typeof BedConfirmation>;
