import type { OpenApi } from './openapi.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** In-line code of the contract's tables. */
const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** The document as a page that loads nothing but its own style: no script, nothing from anywhere else. */
export function renderDocs({ info, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  const list = operations.map(
    ({ path, method, operationId }) =>
      `<li><a href="#${operationId}"><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code></a></li>`,
  );
  const sections = operations.map(
    ({ path, method, operationId, summary, requestBody, responses }) => `<article id="${operationId}">
<h3><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code></h3>
<p>${prose(summary)}</p>
${schemaLinks('Body', requestBody)}${schemaLinks('Answer', responses)}</article>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${name}"><summary><code>${name}</code></summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)}</title><link rel="stylesheet" href="/docs/style.css"></head>
<body><header><h1>${escape(info.title)}</h1><p>OpenAPI 3.1: <a href="/openapi.json">openapi.json</a></p></header>
<main><nav aria-label="Operations"><ol>${list.join('\n')}</ol></nav>
<section><h2>Operations</h2>${sections.join('\n')}<h2>Schemas</h2>${schemas.join('\n')}<h2>Refusals</h2><p>${escape(info.description)}</p></section></main></body></html>
`;
}

function schemaLinks(label: string, part: object | undefined): string {
  const names = [...JSON.stringify(part ?? {}).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    ([, name]) => name ?? '',
  );
  const links = [...new Set(names)].map((name) => `<a href="#schema-${name}"><code>${name}</code></a>`);
  return links.length === 0 ? '' : `<p class="schemas">${label}: ${links.join(' · ')}</p>\n`;
}

/** The page's own style, in the house's colours. */
export const DOCS_STYLE = `:root { color-scheme: light dark; --text: light-dark(oklch(0.25 0.02 200), oklch(0.93 0.01 200));
  --soft: light-dark(oklch(0.45 0.02 200), oklch(0.75 0.02 200)); --ground: light-dark(oklch(0.985 0.004 200), oklch(0.19 0.015 210));
  --surface: light-dark(white, oklch(0.235 0.015 210)); --line: light-dark(oklch(0.88 0.01 200), oklch(0.35 0.015 210));
  --accent: light-dark(oklch(0.45 0.09 195), oklch(0.8 0.09 195)); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.6 'BIZ UDPGothic', system-ui, sans-serif; }
header, main { max-width: 1200px; margin: 0 auto; padding: 16px; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); gap: 32px; align-items: start; }
nav ol { margin: 0; padding: 0; list-style: none; }
nav a { display: flex; gap: 8px; align-items: center; min-height: 44px; text-decoration: none; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
article, details { margin: 0 0 12px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
h3 { margin: 0; font-size: 1rem; }
summary { min-height: 44px; padding: 10px 0; cursor: pointer; }
code, pre { font: 0.9rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow-x: auto; }
b { min-width: 4em; font-size: 0.8rem; color: var(--soft); }
.schemas { color: var(--soft); margin: 0; }
@media (max-width: 760px) { main { grid-template-columns: minmax(0, 1fr); } }
`;
