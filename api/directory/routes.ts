import { Hono } from 'hono';
import type { InstitutionList } from '../contract/institutions-api.ts';
import type { ExchangeDirectories } from './exchange-directories.ts';
import type { GatewayDirectories } from './gateway-directories.ts';

/** `GET /api/directories` of an exchange: public, for the signatures speak for themselves. */
export function createExchangeDirectoryRoutes(directories: ExchangeDirectories): Hono {
  return new Hono().get('/api/directories', async (context) => context.json(await directories.serve()));
}

/** `GET /api/directory` of a gateway, for its screens. */
export function createGatewayDirectoryRoutes(directories: GatewayDirectories): Hono {
  return new Hono().get('/api/directory', (context) =>
    context.json(directories.book.view.list() satisfies InstitutionList),
  );
}
