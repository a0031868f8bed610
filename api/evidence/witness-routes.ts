import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Witness } from './witness.ts';

/** Far above 63 proof lines and a note of 64 signatures. */
const MAX_REQUEST_BYTES = 32_768;

/** A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`. The checkpoint's signature is the caller's. */
export function createWitnessRoutes(witness: Witness) {
  return new Hono().post(
    '/add-checkpoint',
    bodyLimit({ maxSize: MAX_REQUEST_BYTES, onError: (c) => c.text('too large\n', 413) }),
    async (c) => {
      const answer = await witness.addCheckpoint(await c.req.text());
      switch (answer.kind) {
        case 'cosigned':
          return c.body(answer.lines, 200, { 'Content-Type': 'text/plain; charset=utf-8' });
        case 'other_size':
          return c.body(`${answer.size}\n`, 409, { 'Content-Type': 'text/x.tlog.size' });
        case 'refused':
          return c.text(`${answer.reason}\n`, answer.status);
      }
    },
  );
}
