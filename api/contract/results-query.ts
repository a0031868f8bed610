import * as z from 'zod';
import { ConsentProof } from './consent.ts';
import { Base64Url32, InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { POLICY_EFFECTS } from './policy.ts';
import { RecordKind } from './record-kind.ts';

/**
 * The question of a session of service `results-available`: which results does the holder have that this consent covers?
 * What they say is asked for with a request that a doctor signs.
 */
export const ResultsQuery = z
  .object({ consent: ConsentProof, kinds: z.array(RecordKind).min(1).max(10).readonly() })
  .readonly();
export type ResultsQuery = z.infer<typeof ResultsQuery>;

/** What a request for something that is there would meet with: a person's look, or a release by itself. */
const TellableEffect = z.enum(POLICY_EFFECTS).exclude(['refuse']);

/** What there is, as far as the holder's release policy lets it be known: no content, no names. */
export const AvailableResults = z
  .object({
    from: InstitutionId,
    results: z
      .array(
        z
          .object({
            visitId: Uuidv7,
            presentedAt: Timestamp,
            kind: RecordKind,
            documents: z.number().int().positive(),
            newest: Timestamp,
            effect: TellableEffect.default('ask'),
          })
          .readonly(),
      )
      .readonly(),
    /** Kinds of which the policy refuses everything or some: whether there is any is not told. */
    withheld: z.array(RecordKind).readonly().default([]),
  })
  .readonly();
export type AvailableResults = z.infer<typeof AvailableResults>;

/** `POST /api/queries` of a gateway: asks one institution, now, in a session of its own. */
export const ResultsQueryPosting = z
  .object({ to: InstitutionId, consent: ConsentProof, kinds: z.array(RecordKind).min(1).max(10).readonly() })
  .readonly();
export type ResultsQueryPosting = z.infer<typeof ResultsQueryPosting>;

/** The answer, and the hash of what both sides signed: it stands in the holder's entry under the evidence log. */
export const ResultsQueryAnswer = z.object({ answer: AvailableResults, transcript: Base64Url32 }).readonly();
export type ResultsQueryAnswer = z.infer<typeof ResultsQueryAnswer>;
