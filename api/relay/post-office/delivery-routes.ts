import { Hono } from 'hono';
import { DELIVERY_LIMIT_BYTES, Mailbox, type DeliveryAnswer } from '../../contract/relay-api.ts';
import { readJson } from '../../http/request-body.ts';
import type { CallerGuard } from '../caller-guard.ts';
import type { PostOffice } from './post-office.ts';

/** `POST /api/deliveries` of a gateway: its exchange brings what lies in the mailbox. Answered when it was handled. */
export const createDeliveryRoutes = (post: Pick<PostOffice, 'take'>, guard: CallerGuard) =>
  new Hono().post('/api/deliveries', guard({ only: 'peer', limitBytes: DELIVERY_LIMIT_BYTES }), async (context) => {
    const mailbox = await readJson(context, Mailbox, DELIVERY_LIMIT_BYTES);
    await post.take(mailbox);
    return context.json({ handled: mailbox.envelopes.length } satisfies DeliveryAnswer);
  });
