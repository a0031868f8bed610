import { Hono } from 'hono';
import { Uuidv7 } from '../contract/ids.ts';
import { readParameter } from '../http/request-body.ts';
import { discardLetter, listDeadLetters, resendLetter } from './dead-letters.ts';
import type { RelayParts } from './parts.ts';

/** Dead letters of an exchange, for its operators; the guard that lets nobody else in stands before. */
export const createDeadLetterRoutes = (parts: RelayParts): Hono =>
  new Hono()
    .get('/api/operator/dead-letters', async (context) => context.json(await listDeadLetters(parts)))
    .post('/api/operator/dead-letters/:id/resend', async (context) => {
      await resendLetter(parts, readParameter(context, 'id', Uuidv7));
      return context.json(await listDeadLetters(parts));
    })
    .post('/api/operator/dead-letters/:id/discard', async (context) => {
      await discardLetter(parts, readParameter(context, 'id', Uuidv7));
      return context.json(await listDeadLetters(parts));
    });
