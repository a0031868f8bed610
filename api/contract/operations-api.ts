import * as z from 'zod';
import { Health } from './health.ts';

/**
 * What every server answers to whoever watches or examines it. Nothing about anybody is in any of it.
 *
 * | Request | Body → answer |
 * |---|---|
 * | `GET /healthz` | → Health (200, or 503 when something fails; public) |
 * | `GET /readyz` | → nothing (204, or 503; public) |
 * | `GET /metrics` | → text (bearer of the metrics token) |
 * | `GET /openapi.json` | → OpenApiDocument (public) |
 * | `GET /docs` | → HTML (public) |
 * | `GET /docs/style.css` | → text (public) |
 * | `GET /evidence/trust.json` | → text (public): keys to pin for verifying receipts |
 * | `GET /evidence/checkpoint` | → text (public; exchanges only): C2SP tlog-checkpoint |
 * | `GET /evidence/tile/*` | → bytes (public; exchanges only): C2SP tlog-tiles |
 * | `POST /evidence/witness/add-checkpoint` | text → text (public): C2SP tlog-witness |
 * | `GET /demo/cards.json` | → text (demonstration only) |
 * | `GET /demo/staff.json` | → text (demonstration only) |
 * | `GET /demo/sample-bundle?visit=ID` | → text (demonstration only) |
 */
export const OPERATIONS_SCHEMAS = { Health } as const;

/** An OpenAPI 3.1 document, as far as it is looked at here. */
export const OpenApiDocument = z.object({ openapi: z.literal('3.1.0') }).loose();
