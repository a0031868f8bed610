import { Problem } from '../../contract/problem.ts';
import type { Mailbox } from '../../contract/relay-api.ts';
import type { EnvelopeProgress, OutgoingEnvelope } from '../../storage/post-office.ts';
import { keepFollowing, type FollowOptions } from './follow.ts';
import { OUTBOX_BELL, type EnvelopeHandlers, type PostOfficeParts } from './parts.ts';
import { prepareEnvelope, type Message } from './prepare.ts';
import { createReceiving, type ReceiveOptions, type Receiving } from './receive.ts';
import { keepSending } from './send.ts';

/** The post office of a gateway: what others hand to it, and the loops that do the rest. */
export interface PostOffice {
  readonly parts: PostOfficeParts;
  /** Seals a statement to its recipient. Whoever asks stores it beside what it is about, then wakes the sender. */
  prepare(message: Message): Promise<OutgoingEnvelope>;
  /** Something was stored to be sent. */
  wake(): void;
  findProgress(envelopeId: string): Promise<EnvelopeProgress | undefined>;
  /** Takes mail that the exchange brought. @throws {Problem} `unavailable` while nothing runs here */
  take(mailbox: Mailbox): Promise<void>;
  /** Sends, follows and receives until the signal is aborted. */
  run(handlers: EnvelopeHandlers, options: ReceiveOptions & FollowOptions): Promise<void>;
}

export function createPostOffice(parts: PostOfficeParts): PostOffice {
  let receiving: Receiving | undefined;
  return {
    parts,
    prepare: (message) => prepareEnvelope(parts, message),
    wake: () => parts.bells.ring(OUTBOX_BELL),
    findProgress: (envelopeId) => parts.store.read(envelopeId),
    async take(mailbox) {
      if (!receiving) throw new Problem('unavailable', 'the post office is closed');
      await receiving.take(mailbox);
    },
    async run(handlers, options) {
      receiving = createReceiving(parts, handlers, options);
      await Promise.all([keepSending(parts, options), keepFollowing(parts, options), receiving.keepPulling()]);
    },
  };
}
