import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { Problem } from '../contract/problem.ts';

const POLICY_META = /<meta http-equiv="content-security-policy" content="([^"]+)">/i;

/**
 * The built PWA: its files, precompressed, and its one page for every other address.
 *
 * The build hashes its scripts into a policy inside the page; it is sent as a header too, because `frame-ancestors`
 * counts only there and because workers take their policy from their own answer.
 *
 * @throws {TypeError} when the folder holds no build, or a page without a policy
 */
export function createAppFiles(directory: string): Hono {
  const page = readPage(directory);
  const policy = POLICY_META.exec(page.text)?.[1];
  if (!policy) throw new TypeError('the built page has no content security policy');
  const headers = { 'content-security-policy': `${policy.replaceAll('&#39;', "'")}; frame-ancestors 'none'` };

  const app = new Hono();
  app.use('*', async (context, next) => {
    await next();
    const isImmutable = context.res.ok && context.req.path.startsWith('/_app/immutable/');
    context.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    context.header('content-security-policy', headers['content-security-policy']);
  });
  app.use('*', serveStatic({ root: directory, precompressed: true, index: 'none' }));
  app.get('*', (context) => {
    if (/\.[a-z0-9]+$/i.test(context.req.path)) throw new Problem('not_found', 'no such file');
    context.header('vary', 'Accept-Encoding');
    if (!page.brotli || !/\bbr\b/.test(context.req.header('accept-encoding') ?? '')) return context.html(page.text);
    return context.body(page.brotli, 200, { 'content-type': 'text/html; charset=UTF-8', 'content-encoding': 'br' });
  });
  return app;
}

/** Read once: the page and its policy stay together when somebody builds anew below a running server. */
function readPage(directory: string) {
  const path = join(directory, 'index.html');
  if (!existsSync(path)) throw new TypeError('the app is not built');
  return {
    text: readFileSync(path, 'utf8'),
    brotli: existsSync(`${path}.br`) ? new Uint8Array(readFileSync(`${path}.br`)) : undefined,
  };
}
