import type { Envelope, StatementKind } from '../contract/envelope.ts';
import { receiveDispensing } from './dispensing.ts';
import type { SharingParts } from './parts.ts';
import { receiveRefusal, receiveRelease } from './receive-answer.ts';
import { receiveDelivery } from './receive-delivery.ts';
import { receiveRequest } from './receive-request.ts';

/** What becomes of an envelope's statement, by its kind; for the post office. */
export const createSharingHandlers = (
  parts: SharingParts,
): Readonly<Record<StatementKind, (envelope: Envelope, jws: string) => Promise<void>>> => ({
  'share-request': (envelope, jws) => receiveRequest(parts, envelope, jws),
  release: (envelope, jws) => receiveRelease(parts, envelope, jws),
  refusal: (envelope, jws) => receiveRefusal(parts, envelope, jws),
  'delivery-receipt': (envelope, jws) => receiveDelivery(parts, envelope, jws),
  dispensing: (envelope, jws) => receiveDispensing(parts, envelope, jws),
});
