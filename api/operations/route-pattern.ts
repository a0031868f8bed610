import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * The pattern of the route that answered, e.g. `/api/visits/:submissionId`; `app` for what no route of the API knows: the
 * address itself may name anything and anybody.
 */
export const routePatternOf = (context: Context): string =>
  matchedRoutes(context).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'app';
