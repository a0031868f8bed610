import { Hono } from 'hono';
import { DispensingPosting } from '../contract/dispensing.ts';
import { AlarmAcknowledgement, RefusalPosting, type Inbox } from '../contract/inbox-api.ts';
import { ShareRequestPosting, type SentRequestList } from '../contract/share-requests-api.ts';
import type { SendLog } from '../contract/send-log-api.ts';
import { Uuidv7 } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { StaffEnv } from '../http/access.ts';
import { readBody, readJson, readParameter } from '../http/request-body.ts';
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
      const requests = await Promise.all((await store.listInbox()).map((entry) => toInboxRequest(entry, records)));
      return context.json({ requests } satisfies Inbox);
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
      const entries = await Promise.all((await store.listSendLog()).map((row) => toSendLogEntry(row, parts)));
      return context.json({ entries } satisfies SendLog);
    });
}
