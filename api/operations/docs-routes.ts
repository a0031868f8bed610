import { Hono } from 'hono';
import { DOCS_STYLE, renderDocs } from './docs-page.ts';
import { describeApi, type OpenApiOptions } from './openapi.ts';

/** A page of words: nothing runs, nothing comes from elsewhere. */
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /openapi.json`, and the same to read at `GET /docs`. */
export function createDocsRoutes(options: OpenApiOptions): Hono {
  const document = describeApi(options);
  const page = renderDocs(document);
  const headers = { 'content-security-policy': POLICY, 'cache-control': 'no-cache' };
  return new Hono()
    .get('/openapi.json', (context) => context.json(document, 200, { 'cache-control': 'no-cache' }))
    .get('/docs', (context) => context.html(page, 200, headers))
    .get('/docs/style.css', (context) => context.body(DOCS_STYLE, 200, { ...headers, 'content-type': 'text/css' }));
}
