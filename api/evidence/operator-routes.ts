import { Hono, type MiddlewareHandler } from 'hono';
import * as z from 'zod';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { encodeEvidenceExport, type EvidenceExport } from '../contract/evidence/evidence-export.ts';
import { Forgetting, type Forgotten } from '../contract/evidence/forgetting.ts';
import type { Subject } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { OperatorEnv } from '../http/operator-session.ts';
import { readJson, readQuery } from '../http/request-body.ts';

/** Leaves in one export; an auditor who wants more takes several, which verify one by one. */
const LARGEST_EXPORT = 50_000;

const Range = z
  .object({ begin: z.coerce.number().int().nonnegative(), end: z.coerce.number().int().positive() })
  .refine(({ begin, end }) => begin < end && end - begin <= LARGEST_EXPORT);

/**
 * What an operator asks of the log: an export for an auditor, and that a person be forgotten.
 *
 * | Request | Body → answer |
 * |---|---|
 * | `GET /api/operator/evidence/export?begin=N&end=M` | → EvidenceExport, leaves N to M (exclusive) |
 * | `POST /api/operator/evidence/forgettings` | Forgetting → Forgotten |
 */
export function createEvidenceOperatorRoutes(parts: {
  readonly guard: MiddlewareHandler<OperatorEnv>;
  readonly exportRange: (begin: number, end: number) => Promise<EvidenceExport>;
  readonly forget: (subject: Subject) => Promise<number>;
}): Hono<OperatorEnv> {
  return new Hono<OperatorEnv>()
    .get('/api/operator/evidence/export', parts.guard, async (context) => {
      const { begin, end } = readQuery(context, Range);
      const content = encodeEvidenceExport(await refusing(() => parts.exportRange(begin, end)));
      return context.body(content, 200, {
        'Content-Type': 'application/json',
        'Content-Disposition': `attachment; filename="evidence-${begin}-${end}.json"`,
        'Cache-Control': 'no-store',
      });
    })
    .post('/api/operator/evidence/forgettings', parts.guard, async (context) => {
      const { subject } = await readJson(context, Forgetting);
      return context.json({ records: await parts.forget(subject) } satisfies Forgotten);
    });
}

/** Leaves that are not there yet are the asker's mistake; a log that is damaged is ours. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof EvidenceError && cause.code === 'leaf_not_integrated')) throw cause;
    throw new Problem('not_found', cause.message, { cause });
  }
}
