import * as z from 'zod';
import { Base64Url32, Timestamp } from './ids.ts';
import { PURPOSES } from './presence-proof.ts';

/** What a terminal asks for before a card signs that it is here (`POST /api/challenges`). */
export const ChallengeRequest = z.object({ terminal: Base64Url32, purpose: z.enum(PURPOSES) }).readonly();
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;

/** V1: single use, seconds to live, bound to the calling institution, the terminal and the purpose. */
export const Challenge = z.object({ challenge: Base64Url32, expires: Timestamp }).readonly();
export type Challenge = z.infer<typeof Challenge>;
