import { Hono, type MiddlewareHandler } from 'hono';
import * as z from 'zod';
import {
  ENVELOPE_HEADER,
  EnvelopeRefusal,
  PeerReceipts,
  type EnvelopeAnswer,
  type Mailbox,
} from '../contract/exchange-api.ts';
import { Uuidv7 } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import { readBody, readJson, readParameter, readQuery } from '../http/request-body.ts';
import type { CallerEnv } from '../http/signed-caller.ts';
import type { RelayedEnvelope } from '../storage/relay.ts';
import { acceptEnvelope } from './accept-envelope.ts';
import { BODY_LIMIT_BYTES } from './body-shape.ts';
import type { Contacts } from './contacts.ts';
import { acknowledge, pullMailbox, refuse } from './mailbox.ts';
import type { RelayParts } from './parts.ts';
import { takeReceipts } from './return-receipts.ts';
import { describeExchange, type StatusSources } from './status.ts';

/** Makes the check of a caller's signature; `only` and the body limit differ by route. */
export type CallerGuard = (options: {
  readonly only?: 'member' | 'peer';
  readonly limitBytes?: number;
}) => MiddlewareHandler<CallerEnv>;

export interface RelayRoutesOptions {
  readonly parts: RelayParts;
  readonly guard: CallerGuard;
  readonly contacts: Contacts;
  /** Ends long polls when the server closes. */
  readonly closing: AbortSignal;
  readonly status: StatusSources;
}

const MailboxQuery = z.object({ wait: z.coerce.number().int().min(0).max(60).default(0) });

/** The relay of an exchange (`contract/exchange-api.ts`): parse, call, answer. */
export function createRelayRoutes({ parts, guard, contacts, closing, status }: RelayRoutesOptions): Hono<CallerEnv> {
  const app = new Hono<CallerEnv>();
  const heard: MiddlewareHandler<CallerEnv> = async (context, next) => {
    contacts.seen(context.var.caller.id);
    await next();
  };

  app.get('/api/status', async (context) => context.json(await describeExchange(parts, status)));
  app.post('/api/envelopes', guard({ limitBytes: BODY_LIMIT_BYTES }), heard, async (context) => {
    const body = decodeAscii(await readBody(context));
    const entry = await acceptEnvelope(parts, context.var.caller, context.req.header(ENVELOPE_HEADER), body);
    return context.json(answer(entry), 202);
  });
  app.get('/api/envelopes/:id', guard({ only: 'member' }), heard, async (context) => {
    const entry = await parts.store.read(readParameter(context, 'id', Uuidv7));
    const isTheirs = entry && [entry.envelope.from, entry.envelope.to].includes(context.var.caller.id);
    if (!isTheirs) throw new Problem('not_found', 'no such envelope');
    return context.json(answer(entry));
  });
  app.get('/api/mailbox', guard({ only: 'member' }), heard, async (context) => {
    const { wait } = readQuery(context, MailboxQuery);
    const signal = AbortSignal.any([closing, context.req.raw.signal]);
    const mailbox: Mailbox = await pullMailbox(parts, context.var.caller.id, wait * 1000, signal);
    return context.json(mailbox);
  });
  app.post('/api/mailbox/:id/acknowledgements', guard({ only: 'member' }), heard, async (context) =>
    context.json(answer(await acknowledge(parts, context.var.caller.id, readParameter(context, 'id', Uuidv7)))),
  );
  app.post('/api/mailbox/:id/refusals', guard({ only: 'member' }), heard, async (context) => {
    const { reason } = await readJson(context, EnvelopeRefusal);
    const id = readParameter(context, 'id', Uuidv7);
    return context.json(answer(await refuse(parts, context.var.caller.id, id, reason)));
  });
  app.post('/api/peer/receipts', guard({ only: 'peer' }), heard, async (context) => {
    const { receipts } = await readJson(context, PeerReceipts);
    return context.json({ stored: await takeReceipts(parts, context.var.caller.id, receipts) });
  });
  return app;
}

const answer = ({ envelope, state, receipts }: RelayedEnvelope): EnvelopeAnswer => ({
  id: envelope.id,
  state,
  receipts,
});

/** A compact JWE is ASCII; other bytes become characters that its shape refuses. */
const decodeAscii = (body: Uint8Array): string => new TextDecoder('latin1').decode(body);
