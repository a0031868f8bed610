import { Hono, type MiddlewareHandler } from 'hono';
import * as z from 'zod';
import { ENVELOPE_HEADER, EnvelopeRefusal, PeerReceipts } from '../contract/exchange-api.ts';
import { Uuidv7 } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import { EnvelopeBatch, EnvelopeIds, MailOutcomes } from '../contract/relay-api.ts';
import { readBody, readJson, readParameter, readQuery } from '../http/request-body.ts';
import type { CallerEnv } from '../http/signed-caller.ts';
import type { RelayedEnvelope } from '../storage/relay.ts';
import { acceptEnvelope } from './accept-envelope.ts';
import { acceptBatch, answer, answerEach, BATCH_BODY_LIMIT_BYTES } from './batch.ts';
import { BODY_LIMIT_BYTES } from './body-shape.ts';
import type { CallerGuard } from './caller-guard.ts';
import type { Contacts } from './contacts.ts';
import { acknowledge, pullMailbox, refuse } from './mailbox.ts';
import type { RelayParts } from './parts.ts';
import { takeReceipts } from './return-receipts.ts';
import { mountUploadRoutes } from './upload-routes.ts';
import { EXCEPT_LIMIT } from './routing.ts';
import { describeExchange, type StatusSources } from './status.ts';

export type { CallerGuard };

export interface RelayRoutesOptions {
  readonly parts: RelayParts;
  readonly guard: CallerGuard;
  readonly contacts: Contacts;
  /** Ends long polls when the server closes. */
  readonly closing: AbortSignal;
  readonly status: StatusSources;
}

const MailboxQuery = z.object({
  wait: z.coerce.number().int().min(0).max(60).default(0),
  except: z
    .string()
    .default('')
    .transform((text) => (text === '' ? [] : text.split(',')))
    .pipe(z.array(Uuidv7).max(EXCEPT_LIMIT)),
});

/** The relay of an exchange (`contract/exchange-api.ts`): parse, call, answer. */
export function createRelayRoutes({ parts, guard, contacts, closing, status }: RelayRoutesOptions): Hono<CallerEnv> {
  const app = new Hono<CallerEnv>();
  const heard: MiddlewareHandler<CallerEnv> = async (context, next) => {
    contacts.seen(context.var.caller.id);
    await next();
  };

  app.get('/api/status', async (context) => context.json(await describeExchange(parts, status)));
  app.post('/api/envelopes', guard({ limitBytes: BODY_LIMIT_BYTES }), heard, async (context) => {
    const bytes = await readBody(context);
    const body = bytes.length === 0 ? null : decodeAscii(bytes);
    const entry = await acceptEnvelope(parts, context.var.caller, context.req.header(ENVELOPE_HEADER), body);
    return context.json(answer(entry), 202);
  });
  app.post('/api/envelopes/batch', guard({ limitBytes: BATCH_BODY_LIMIT_BYTES }), heard, async (context) => {
    const { envelopes } = await readJson(context, EnvelopeBatch);
    return context.json({ answers: await acceptBatch(parts, context.var.caller, envelopes) });
  });
  app.post('/api/envelopes/states', guard({ only: 'member' }), heard, async (context) => {
    const { ids } = await readJson(context, EnvelopeIds);
    const answers = ids.map((id) =>
      answerEach(async () => requireOwn(context.var.caller.id, await parts.store.read(id))),
    );
    return context.json({ answers: await Promise.all(answers) });
  });
  app.get('/api/envelopes/:id', guard({ only: 'member' }), heard, async (context) => {
    const entry = await parts.store.read(readParameter(context, 'id', Uuidv7));
    return context.json(answer(requireOwn(context.var.caller.id, entry)));
  });
  app.get('/api/mailbox', guard({ only: 'member' }), heard, async (context) => {
    const { wait, except } = readQuery(context, MailboxQuery);
    const signal = AbortSignal.any([closing, context.req.raw.signal]);
    const mailbox = await pullMailbox(parts, context.var.caller.id, { waitMs: wait * 1000, except, signal });
    return context.json(mailbox);
  });
  app.post('/api/mailbox/outcomes', guard({ only: 'member' }), heard, async (context) => {
    const { outcomes } = await readJson(context, MailOutcomes);
    const { id: member } = context.var.caller;
    const answers = outcomes.map((outcome) =>
      answerEach(() =>
        outcome.kind === 'acknowledged'
          ? acknowledge(parts, member, outcome.id)
          : refuse(parts, member, outcome.id, outcome.reason),
      ),
    );
    return context.json({ answers: await Promise.all(answers) });
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
  mountUploadRoutes(app, { parts, guard, heard });
  return app;
}

/** @throws {Problem} `not_found` for what is none of the caller's */
function requireOwn(caller: string, entry: RelayedEnvelope | undefined): RelayedEnvelope {
  const isTheirs = entry && [entry.envelope.from, entry.envelope.to].includes(caller);
  if (!isTheirs) throw new Problem('not_found', 'no such envelope');
  return entry;
}

/** A compact JWE is ASCII; other bytes become characters that its shape refuses. */
const decodeAscii = (body: Uint8Array): string => new TextDecoder('latin1').decode(body);
