import type { Hono, MiddlewareHandler } from 'hono';
import * as z from 'zod';
import { ENVELOPE_HEADER } from '../contract/exchange-api.ts';
import { Uuidv7 } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import { PIECE_LIMIT_BYTES, type UploadState } from '../contract/relay-api.ts';
import { readBody, readParameter, readQuery } from '../http/request-body.ts';
import type { CallerEnv } from '../http/signed-caller.ts';
import { requireMail } from './mailbox.ts';
import type { RelayParts } from './parts.ts';
import type { CallerGuard } from './caller-guard.ts';
import { addPiece, beginUpload, readUpload } from './uploads.ts';

const SizeQuery = z.object({ size: z.coerce.number().int().positive() });
const OffsetQuery = z.object({ offset: z.coerce.number().int().nonnegative() });

/**
 * Large bodies, in and out, piece by piece. Whoever was cut off asks how much is here and goes on; a piece is answered once
 * it is on the disk, and at most one is ever held in memory.
 */
export function mountUploadRoutes(
  app: Hono<CallerEnv>,
  {
    parts,
    guard,
    heard,
  }: { readonly parts: RelayParts; readonly guard: CallerGuard; readonly heard: MiddlewareHandler<CallerEnv> },
): void {
  app.post('/api/uploads', guard({}), heard, async (context) => {
    const { size } = readQuery(context, SizeQuery);
    const state = await beginUpload(parts, context.var.caller, context.req.header(ENVELOPE_HEADER), size);
    return context.json(state);
  });
  app.get('/api/uploads/:id', guard({}), heard, async (context) => {
    const upload = await readUpload(parts, context.var.caller, readParameter(context, 'id', Uuidv7));
    const { id, size, received } = upload;
    return context.json({ id, size, received } satisfies UploadState);
  });
  app.post('/api/uploads/:id/pieces', guard({ limitBytes: PIECE_LIMIT_BYTES }), heard, async (context) => {
    const { offset } = readQuery(context, OffsetQuery);
    const bytes = await readBody(context);
    const id = readParameter(context, 'id', Uuidv7);
    return context.json(await addPiece(parts, context.var.caller, id, { offset, bytes }));
  });
  app.get('/api/mailbox/:id/body', guard({ only: 'member' }), heard, async (context) => {
    const id = readParameter(context, 'id', Uuidv7);
    await requireMail(parts, context.var.caller.id, id);
    const { from, length } = readRange(context.req.header('range'));
    const bytes = await parts.store.readPiece(id, from, Math.min(length, PIECE_LIMIT_BYTES));
    if (bytes.length === 0) throw new Problem('not_found', 'nothing there');
    return context.body(bytes, 206, {
      'content-type': 'application/octet-stream',
      // RFC 9110 §14.4: the whole length is in the mailbox's answer.
      'content-range': `bytes ${from}-${from + bytes.length - 1}/*`,
    });
  });
}

/** One range of bytes (RFC 9110 §14.1.2); all that fits into a piece without one. @throws {Problem} `malformed_request` */
function readRange(header: string | undefined): { readonly from: number; readonly length: number } {
  if (header === undefined) return { from: 0, length: PIECE_LIMIT_BYTES };
  const [, start, end] = /^bytes=(\d{1,10})-(\d{0,10})$/.exec(header) ?? [];
  const from = Number(start);
  const until = end ? Number(end) : from + PIECE_LIMIT_BYTES - 1;
  if (start === undefined || until < from) throw new Problem('malformed_request', 'range');
  return { from, length: until - from + 1 };
}
