import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};
/** Where an Isolated Web App's files are elsewhere than a site's. */
const PLACES: Readonly<Record<string, string>> = {
  '/': '/page.html',
  '/.well-known/manifest.webmanifest': '/manifest.webmanifest',
};

export interface PageServer {
  /** `http://localhost:PORT/`: trusted like HTTPS by the browser. */
  readonly url: string;
  close(): void;
}

/** Serves the pages that the host has built. */
export async function servePages(folder: string): Promise<PageServer> {
  const server = createServer(({ url = '/' }, response) => {
    const path = PLACES[url] ?? url;
    const type = TYPES[extname(path)];
    if (!type || path.includes('..')) return void response.writeHead(404).end();
    try {
      response.writeHead(200, { 'content-type': type }).end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://localhost:${port}/`, close: () => void server.close() };
}
