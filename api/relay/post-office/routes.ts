import { Hono } from 'hono';
import { Uuidv7 } from '../../contract/ids.ts';
import { readParameter } from '../../http/request-body.ts';
import type { PostOfficeParts } from './parts.ts';
import { discardUndelivered, listUndelivered, resendUndelivered } from './undelivered.ts';

/** Dead letters of a gateway, for its signed-in terminals. */
export const createUndeliveredRoutes = (parts: PostOfficeParts): Hono =>
  new Hono()
    .get('/api/dead-letters', async (context) => context.json(await listUndelivered(parts)))
    .post('/api/dead-letters/:id/resend', async (context) => {
      await resendUndelivered(parts, readParameter(context, 'id', Uuidv7));
      return context.json(await listUndelivered(parts));
    })
    .post('/api/dead-letters/:id/discard', async (context) => {
      await discardUndelivered(parts, readParameter(context, 'id', Uuidv7));
      return context.json(await listUndelivered(parts));
    });
