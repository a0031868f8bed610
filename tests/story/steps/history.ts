import type { HistoryView } from '#api/contract/histories-api.ts';
import { readClaims } from '#api/contract/jose.ts';
import { VisitRecord } from '#api/contract/visit-record.ts';
import type { CardPersonalisation } from 'webusb-ccid/simulated';
import { StoryError } from '../eventually.ts';
import type { Station } from '../station.ts';
import type { Transcript } from '../transcript.ts';

const CONSENT_MS = 24 * 60 * 60 * 1000;

/** The consent tap, and the visit history that it opens at every exchange. */
export async function askHistory(
  station: Station,
  card: CardPersonalisation,
  transcript: Transcript,
): Promise<HistoryView> {
  const expires = new Date(Date.now() + CONSENT_MS).toISOString();
  const scope = { recipient: station.status.institution.id, kinds: ['laboratory' as const], expires };
  const submission = await station.tap(card, 'history', scope);
  transcript.travelled('consent (presence proof)', submission.presence, {
    signedBy: 'the card',
    file: '5-consent.jws',
  });
  const history = await station.gateway.fetchHistory(submission);
  for (const part of history.parts) {
    if (part.kind === 'missing') throw new StoryError(`${part.exchange}: ${part.problem.code}`);
    for (const { record } of part.receipts) {
      const { institution, presentedAt } = readClaims(record, VisitRecord);
      transcript.line(`${part.exchange}: a visit at ${institution}, ${presentedAt}`);
    }
  }
  return history;
}
