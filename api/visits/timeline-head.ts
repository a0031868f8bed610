import { parseSignedCheckpoint } from '../contract/evidence/checkpoint.ts';
import { signTimelineHead } from '../contract/evidence/timeline.ts';
import type { ExchangeId, Subject } from '../contract/ids.ts';
import type { SigningKey } from '../contract/jose.ts';
import { recordHash } from '../contract/visit-record.ts';
import type { PersonReceipts } from './receipts.ts';

/** Signs that these are all of a person's records up to the checkpoint that came with them (JWS `timeline+jwt`). */
export function signTimeline(
  { receipts, checkpoint }: PersonReceipts,
  parts: {
    readonly exchange: ExchangeId;
    readonly subject: Subject;
    readonly key: SigningKey;
    readonly now: () => Date;
  },
): Promise<string> {
  const { origin, size } = parseSignedCheckpoint(checkpoint).checkpoint;
  const newest = receipts.at(-1);
  return signTimelineHead(
    {
      version: 1,
      iss: parts.exchange,
      subject: parts.subject,
      count: receipts.length,
      head: newest ? recordHash(newest.record) : null,
      ...{ origin, size, signedAt: parts.now().toISOString() },
    },
    parts.key,
  );
}
