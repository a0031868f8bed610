import type { Envelope } from '../contract/envelope.ts';
import { JoseError } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import { verifyDelivery, type DeliveryReceipt } from '../contract/release.ts';
import type { SharingParts } from './parts.ts';

/**
 * Takes the recipient's signed word that a release of ours was opened, checked and stored: the send log's line is complete.
 *
 * @throws {Problem} `release_signature_invalid`, `release_not_requested`
 */
export async function receiveDelivery(parts: SharingParts, envelope: Envelope, jws: string): Promise<void> {
  let receipt: DeliveryReceipt;
  try {
    receipt = await verifyDelivery(jws, parts.directory().institutionKeys(envelope.from));
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('release_signature_invalid', cause.code, { cause });
  }
  const line = await parts.store.readSendLog(receipt.releaseId);
  const isForOurs =
    line?.to === envelope.from &&
    line.releaseHash === receipt.releaseHash &&
    receipt.from === envelope.from &&
    receipt.to === parts.institution;
  if (!isForOurs) throw new Problem('release_not_requested', 'a receipt for something that was not sent');
  const at = new Date(receipt.receivedAt);
  await parts.store.receiveDelivery(receipt.releaseId, { jws, at }, { envelopeId: envelope.id, at: parts.now() });
}
