import { Hono } from 'hono';
import { describeTrust } from '../contract/evidence/describe-trust.ts';
import { encodeTrust } from '../contract/evidence/trust.ts';
import type { DirectoryView } from './directory-view.ts';

/**
 * `GET /evidence/trust.json`: what to pin for verifying receipts, out of the directories that this server verified.
 * Whoever fetches it believes this server, once; afterwards nobody has to be asked.
 */
export function createTrustRoute(view: () => DirectoryView): Hono {
  return new Hono().get('/evidence/trust.json', async (context) =>
    context.body(encodeTrust(await describeTrust(view().directories)), 200, {
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
    }),
  );
}
