import { createMiddleware } from 'hono/factory';

/**
 * Leads a browser that came by `localhost` to the address that sessions are bound to. Other names are left alone: what
 * stands in front of the server may use its own.
 */
export function createOneOrigin(origin: string) {
  const { hostname } = new URL(origin);
  return createMiddleware(async (context, next) => {
    const url = new URL(context.req.url);
    const isElsewhere = url.hostname === 'localhost' && hostname === '127.0.0.1';
    if (!isElsewhere || context.req.method !== 'GET') return next();
    return context.redirect(new URL(url.pathname + url.search, origin).href, 307);
  });
}
