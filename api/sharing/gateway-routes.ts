import { Hono } from 'hono';
import * as z from 'zod';
import { DispensingPosting } from '../contract/dispensing.ts';
import { AlarmAcknowledgement, RefusalPosting, type Inbox } from '../contract/inbox-api.ts';
import { ShareRequestPosting, type SentRequestList } from '../contract/share-requests-api.ts';
import type { SendLog } from '../contract/send-log-api.ts';
import { Uuidv7 } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { StaffEnv } from '../http/access.ts';
import { readBody, readJson, readParameter, readQuery } from '../http/request-body.ts';
import type { SentRequestEntry } from '../storage/sharing.ts';
import { postDispensing } from './dispensing.ts';
import { toInboxRequest, toSendLogEntry } from './inbox-view.ts';
import type { SharingParts } from './parts.ts';
import { postRequest } from './post-request.ts';
import { refuseRequest } from './refusal.ts';
import { releaseRecords } from './release.ts';
import { toSentDispensing, toSentRequest } from './sent-request-view.ts';

/** A hundred visit records and the consent, base64url twice over. */
const REQUEST_LIMIT_BYTES = 2 * 1024 * 1024;

const PageQuery = z.object({
  after: Uuidv7.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Requests, inbox and send log of a gateway, for its signed-in terminals. */
export function createSharingRoutes(parts: SharingParts): Hono<StaffEnv> {
  return new Hono<StaffEnv>().route('/', createSentRoutes(parts)).route('/', createInboxRoutes(parts));
}

function createSentRoutes(parts: SharingParts): Hono {
  const { store, post, dispensings } = parts;
  const show = async (entry: SentRequestEntry) => {
    const ours = await dispensings.listForRequest(entry.id);
    const filled = await Promise.all(
      ours.map(async (dispensing) => toSentDispensing(dispensing, await post.findProgress(dispensing.envelopeId))),
    );
    return toSentRequest(entry, await post.findProgress(entry.envelopeId), parts.now(), filled);
  };
  const read = async (id: string): Promise<SentRequestEntry> => {
    const entry = await store.readSent(id);
    if (!entry) throw new Problem('not_found', 'no such request');
    return entry;
  };

  return new Hono()
    .post('/api/share-requests', async (context) => {
      const { request } = await readJson(context, ShareRequestPosting, REQUEST_LIMIT_BYTES);
      return context.json(await show(await postRequest(parts, request)), 202);
    })
    .get('/api/share-requests', async (context) => {
      const requests = await Promise.all((await store.listSent()).map(show));
      return context.json({ requests } satisfies SentRequestList);
    })
    .get('/api/share-requests/:id', async (context) =>
      context.json(await show(await read(readParameter(context, 'id', Uuidv7)))),
    )
    .post('/api/share-requests/:id/dispensings', async (context) => {
      const entry = await read(readParameter(context, 'id', Uuidv7));
      const { documentId } = await readJson(context, DispensingPosting);
      await postDispensing(parts, entry.id, documentId);
      return context.json(await show(entry), 202);
    });
}

function createInboxRoutes(parts: SharingParts): Hono<StaffEnv> {
  const { store, records } = parts;
  return new Hono<StaffEnv>()
    .get('/api/inbox', async (context) => {
      const { after, limit } = readQuery(context, PageQuery);
      // One more than asked for says whether anything follows.
      const answered = await store.listAnswered({ after, limit: limit + 1 });
      const page = answered.slice(0, limit);
      const waiting = after === undefined ? [...(await store.listOpen()), ...(await store.listUnseen())] : [];
      const each = new Map([...waiting, ...page].map((entry) => [entry.id, entry]));
      const requests = await Promise.all([...each.values()].map((entry) => toInboxRequest(entry, records)));
      const next = answered.length > limit ? (page.at(-1)?.id ?? null) : null;
      return context.json({ requests, next } satisfies Inbox);
    })
    .post('/api/inbox/:id/release', async (context) => {
      const entry = await releaseRecords(parts, readParameter(context, 'id', Uuidv7));
      return context.json(await toInboxRequest(entry, records));
    })
    .post('/api/inbox/:id/refusal', async (context) => {
      const { note } = (await readBody(context)).length === 0 ? {} : await readJson(context, RefusalPosting);
      const entry = await refuseRequest(parts, readParameter(context, 'id', Uuidv7), note);
      return context.json(await toInboxRequest(entry, records));
    })
    .post('/api/inbox/:id/alarm', async (context) => {
      const { name } = await readJson(context, AlarmAcknowledgement);
      const seen = { by: context.var.person?.name ?? name, at: parts.now() };
      const entry = await store.acknowledgeAlarm(readParameter(context, 'id', Uuidv7), seen);
      return context.json(await toInboxRequest(entry, records));
    })
    .get('/api/send-log', async (context) => {
      const { after, limit } = readQuery(context, PageQuery);
      const rows = await store.listSendLog({ after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const entries = await Promise.all(page.map((row) => toSendLogEntry(row, parts)));
      const next = rows.length > limit ? (page.at(-1)?.releaseId ?? null) : null;
      return context.json({ entries, next } satisfies SendLog);
    });
}
