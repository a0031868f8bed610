import type { SentRequest } from '#api/contract/share-requests-api.ts';
import { eventually, require } from '../eventually.ts';
import type { Station } from '../station.ts';
import type { Transcript } from '../transcript.ts';

/** A's clerk reads the checks and releases; B shows the results; A's send log closes with B's receipt. */
export async function releaseResults(
  a: Station,
  b: Station,
  sent: SentRequest,
  transcript: Transcript,
): Promise<SentRequest> {
  const asked = await eventually('the request at A', async () =>
    (await a.gateway.fetchInbox()).requests.find(({ id }) => id === sent.id),
  );
  transcript.line(`A's inbox: ${asked.doctor?.name}, ${asked.doctor?.role}, asks about ${asked.person?.name}`);
  for (const { check, ok } of asked.checks) transcript.line(`${ok ? '✓' : '✗'} ${check}`);
  require(asked.checks.every(({ ok }) => ok), 'a check failed');
  await a.gateway.release(asked.id);

  const answered = await eventually('the results at B', async () => {
    const request = await b.gateway.fetchShareRequest(sent.id);
    return request.state === 'released' ? request : undefined;
  });
  transcript.travelled('released documents', JSON.stringify(answered.documents), {
    signedBy: 'hospital A',
    file: '7-released.json',
  });

  const entry = await eventually('the delivery receipt at A', async () =>
    (await a.gateway.fetchSendLog()).entries.find(
      ({ requestId, deliveryReceipt }) => requestId === sent.id && deliveryReceipt,
    ),
  );
  transcript.travelled('delivery receipt', require(entry.deliveryReceipt, 'no receipt'), {
    signedBy: 'clinic B',
    file: '7-delivery-receipt.jws',
  });
  transcript.line(`A's send log: ${entry.documents} documents to ${entry.to}, delivered ${entry.deliveredAt}`);
  return answered;
}
