import * as z from 'zod';
import { SentRequest } from '#api/contract/share-requests-api.ts';
import { ReleasedDocument } from '#api/contract/release.ts';
import type { RecentCopies, RecentCopy } from '#lib/offline/recent-copies.ts';

/** One patient's results as they were read: this hospital's own, and what requests to others brought. */
const ChartCopy = z
  .object({ own: z.array(ReleasedDocument).readonly(), requests: z.array(SentRequest).readonly() })
  .readonly();
export type ChartCopy = z.infer<typeof ChartCopy>;

const nameOf = (subject: string) => `chart ${subject}`;

export const keepChart = (copies: RecentCopies, subject: string, chart: ChartCopy): Promise<void> =>
  copies.keep(nameOf(subject), chart);

export const readChart = (copies: RecentCopies, subject: string): Promise<RecentCopy<ChartCopy> | undefined> =>
  copies.read(nameOf(subject), ChartCopy);
