import type { EnvelopeProgress, OutgoingEnvelope } from '../../storage/post-office.ts';
import { keepFollowing, type FollowOptions } from './follow.ts';
import { OUTBOX_BELL, type EnvelopeHandlers, type PostOfficeParts } from './parts.ts';
import { prepareEnvelope, type Message } from './prepare.ts';
import { keepReceiving, type ReceiveOptions } from './receive.ts';
import { keepSending } from './send.ts';

/** The post office of a gateway: what others hand to it, and the loops that do the rest. */
export interface PostOffice {
  readonly parts: PostOfficeParts;
  /** Seals a statement to its recipient. Whoever asks stores it beside what it is about, then wakes the sender. */
  prepare(message: Message): Promise<OutgoingEnvelope>;
  /** Something was stored to be sent. */
  wake(): void;
  findProgress(envelopeId: string): Promise<EnvelopeProgress | undefined>;
  /** Sends, follows and receives until the signal is aborted. */
  run(handlers: EnvelopeHandlers, options: ReceiveOptions & FollowOptions): Promise<void>;
}

export const createPostOffice = (parts: PostOfficeParts): PostOffice => ({
  parts,
  prepare: (message) => prepareEnvelope(parts, message),
  wake: () => parts.bells.ring(OUTBOX_BELL),
  findProgress: (envelopeId) => parts.store.read(envelopeId),
  async run(handlers, options) {
    await Promise.all([
      keepSending(parts, options),
      keepFollowing(parts, options),
      keepReceiving(parts, handlers, options),
    ]);
  },
});
