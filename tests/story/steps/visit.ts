import type { VisitView } from '#api/contract/visits-api.ts';
import { encodeReceipt } from '#api/contract/evidence/receipt.ts';
import type { CardPersonalisation } from 'webusb-ccid/simulated';
import { eventually, require } from '../eventually.ts';
import type { Station } from '../station.ts';
import type { Transcript } from '../transcript.ts';

/** A tap without a PIN, the coverage, the visit record and its receipt. */
export async function takeVisit(
  station: Station,
  card: CardPersonalisation,
  transcript: Transcript,
  files: string,
): Promise<VisitView> {
  const submission = await station.tap(card, 'visit');
  transcript.travelled('presence proof', submission.presence, { signedBy: 'the card', file: `${files}-presence.jws` });
  transcript.travelled('countersignature', submission.terminal, { signedBy: 'the terminal' });
  const sent = await station.gateway.sendVisit(submission);
  const visit = await eventually('the receipt', async () => {
    const view = await station.gateway.fetchVisit(sent.submissionId);
    return view.receipt ? view : undefined;
  });
  const exchange = station.status.exchange.name.en;
  const record = require(visit.record, 'the visit was not recorded');
  transcript.travelled('visit record', record, { signedBy: exchange, file: `${files}-record.jws` });
  const receipt = encodeReceipt(require(visit.receipt, 'no receipt'));
  transcript.travelled('receipt with log proof', receipt, {
    signedBy: `${exchange}'s log`,
    file: `${files}-receipt.json`,
  });
  transcript.line(
    `coverage: ${require(visit.coverage.status === 'valid' && visit.coverage.status, 'coverage is not valid')}`,
  );
  return visit;
}
