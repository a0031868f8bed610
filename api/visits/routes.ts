import { Hono } from 'hono';
import { encodeBase64 } from '../contract/encoding.ts';
import type { CoseAnswer, VisitOutcome } from '../contract/exchange-api.ts';
import { Uuidv7, type InstitutionId } from '../contract/ids.ts';
import { PresenceSubmission } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { readJson, readParameter } from '../http/request-body.ts';
import type { CallerEnv } from '../http/signed-caller.ts';
import type { VisitStore } from '../storage/visits.ts';
import type { ReceiptSource } from './receipts.ts';

/** How long a request for a receipt waits for the log. */
const RECEIPT_WAIT_MS = 1500;

/** An exchange's visits, for its members. */
export function createVisitRoutes(parts: {
  readonly acceptVisit: (submission: PresenceSubmission, institution: InstitutionId) => Promise<VisitOutcome>;
  readonly visits: VisitStore;
  readonly receipts: ReceiptSource;
}) {
  return new Hono<CallerEnv>()
    .post('/api/visits', async (context) => {
      const submission = await readJson(context, PresenceSubmission);
      return context.json(await parts.acceptVisit(submission, context.var.caller.id), 201);
    })
    .get('/api/visits/:id/receipt', async (context) => {
      const visit = await parts.visits.find(readParameter(context, 'id', Uuidv7));
      if (visit?.institution !== context.var.caller.id) throw new Problem('not_found', 'no such visit of yours');
      return context.json(await parts.receipts.requireReceipt(visit, RECEIPT_WAIT_MS));
    })
    .get('/api/visits/:id/receipt/cose', async (context) => {
      const visit = await parts.visits.find(readParameter(context, 'id', Uuidv7));
      if (visit?.institution !== context.var.caller.id) throw new Problem('not_found', 'no such visit of yours');
      const cose = encodeBase64(await parts.receipts.requireCose(visit, RECEIPT_WAIT_MS));
      return context.json({ cose } satisfies CoseAnswer);
    });
}
