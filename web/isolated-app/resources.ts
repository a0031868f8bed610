import { createHash } from 'node:crypto';
import { isolatedAppManifest, type PageManifest } from './manifest.ts';
import type { Resource } from './read-site.ts';

const PAGE = '/index.html';
const PAGE_MANIFEST = '/manifest.webmanifest';
/** Where an Isolated Web App has its manifest, whatever its pages say. */
export const APP_MANIFEST = '/.well-known/manifest.webmanifest';
const INLINE_SCRIPT = /<script>([^]*?)<\/script>/g;

/**
 * Makes the app's resources of the site's: one page for every address, because there is no server to fall back on; its
 * inline script in a file, because these apps run none; and the manifest.
 *
 * @param addresses addresses of the app beside `/`, such as `/card`
 * @throws {RangeError} when the site has no page or no manifest
 */
export function isolatedAppResources(
  site: readonly Resource[],
  addresses: readonly string[],
  version: string,
): readonly Resource[] {
  const page = find(site, PAGE);
  const { html, scripts } = withoutInlineScripts(text(page));
  const body = bytes(html);
  const pages = ['/', PAGE, ...addresses].map((path) => ({ ...page, path, body }));
  const manifest = find(site, PAGE_MANIFEST);
  // The site's own file, which a browser reads in the same way.
  const facts = isolatedAppManifest(JSON.parse(text(manifest)) as PageManifest, version);
  const own = { ...manifest, body: bytes(JSON.stringify(facts, undefined, 2)) };
  const rest = site.filter(({ path }) => path !== PAGE && path !== PAGE_MANIFEST);
  return [...pages, ...scripts, own, { ...own, path: APP_MANIFEST }, ...rest];
}

function withoutInlineScripts(page: string): { readonly html: string; readonly scripts: readonly Resource[] } {
  const scripts: Resource[] = [];
  const html = page.replace(INLINE_SCRIPT, (_, code: string) => {
    const body = bytes(code);
    const path = `/_app/inline/${createHash('sha256').update(body).digest('hex').slice(0, 16)}.js`;
    scripts.push({ path, type: 'text/javascript; charset=utf-8', body });
    // Where it stood, and run at the same moment: it looks for its own element.
    return `<script src="${path}"></script>`;
  });
  return { html, scripts };
}

function find(site: readonly Resource[], path: string): Resource {
  const found = site.find((resource) => resource.path === path);
  if (!found) throw new RangeError(`the site has no ${path}: build it first`);
  return found;
}

const text = ({ body }: Resource): string => new TextDecoder().decode(body);
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
