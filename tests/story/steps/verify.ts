import { describeTrust } from '#api/contract/evidence/describe-trust.ts';
import { encodeTrust } from '#api/contract/evidence/trust.ts';
import { verifyReceipt } from '#api/contract/evidence/verify-receipt.ts';
import type { VisitView } from '#api/contract/visits-api.ts';
import { eventually, require } from '../eventually.ts';
import type { Station } from '../station.ts';
import type { Transcript } from '../transcript.ts';

/** Verifies the visit's receipt with nothing but the exchange's published keys. */
export async function verifyOffline(station: Station, visit: VisitView, transcript: Transcript): Promise<void> {
  const { exchanges } = await station.gateway.fetchDirectory();
  const trust = await describeTrust(exchanges);
  transcript.keep('tsunagi-trust.json', encodeTrust(trust));
  const verdict = await eventually('a receipt that witnesses cosigned', async () => {
    const { receipt } = await station.gateway.fetchVisit(visit.submissionId);
    const found = receipt && (await verifyReceipt(receipt, trust));
    const isEarly = found?.checks.some(({ reason }) => reason === 'witnesses_missing') ?? true;
    return !isEarly && found;
  });
  for (const check of verdict.checks) transcript.line(`${check.ok ? '✓' : '✗'} ${check.code} (${check.outcome})`);
  require(verdict.ok, 'the receipt does not verify');
}
