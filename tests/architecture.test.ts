import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['ccid', 'api', 'web'];

/**
 * Who may import whom. A file belongs to the first area whose prefix it has; it may import its own area and those named.
 * `packages` are the foreign packages (by prefix) an area may name; `node` means Node's own modules.
 */
const AREAS: readonly {
  readonly prefix: string;
  readonly may: readonly string[];
  readonly packages: readonly string[] | 'any';
}[] = [
  { prefix: 'ccid/iso7816/', may: ['ccid/errors.ts'], packages: [] },
  { prefix: 'ccid/transport/', may: ['ccid/errors.ts', 'ccid/iso7816/'], packages: ['usb'] },
  { prefix: 'ccid/protocol/', may: ['ccid/errors.ts', 'ccid/iso7816/', 'ccid/transport/'], packages: [] },
  { prefix: 'ccid/isodep/', may: ['ccid/errors.ts', 'ccid/iso7816/'], packages: [] },
  {
    prefix: 'ccid/readers/',
    may: ['ccid/errors.ts', 'ccid/iso7816/', 'ccid/transport/', 'ccid/protocol/', 'ccid/isodep/'],
    packages: [],
  },
  { prefix: 'ccid/cards/', may: ['ccid/errors.ts', 'ccid/iso7816/'], packages: [] },
  { prefix: 'ccid/simulated/', may: ['ccid/errors.ts', 'ccid/iso7816/', 'ccid/transport/'], packages: [] },
  { prefix: 'ccid/cli/', may: ['ccid/'], packages: ['node:', 'usb'] },
  { prefix: 'ccid/', may: ['ccid/'], packages: [] },

  {
    prefix: 'api/contract/',
    may: [],
    packages: ['zod', 'jose', 'uuidv7', '@noble/hashes', '@peculiar/asn1-', 'cbor2'],
  },
  { prefix: 'api/storage/', may: ['api/contract/'], packages: ['node:', 'better-sqlite3', 'pg'] },
  { prefix: 'api/http/', may: ['api/contract/', 'api/storage/'], packages: ['node:', 'hono', '@hono/', 'zod'] },
  ...['beds', 'qualification', 'presence', 'visits', 'evidence', 'directory', 'relay', 'sharing', 'enrolment'].map(
    (feature) => ({
      prefix: `api/${feature}/`,
      may: ['api/contract/', 'api/storage/', 'api/http/'],
      packages: [
        'node:',
        'hono',
        'zod',
        'fast-xml-parser',
        ...(feature === 'enrolment' ? ['@simplewebauthn/server'] : []),
      ],
    }),
  ),
  {
    prefix: 'api/records/',
    may: ['api/contract/', 'api/storage/', 'api/http/'],
    packages: ['node:', 'hono', 'zod', '@medplum/core'],
  },
  {
    prefix: 'api/synthetic/',
    may: ['api/contract/'],
    packages: ['node:', 'zod', '@peculiar/x509', 'reflect-metadata', 'webusb-ccid', 'jose'],
  },
  { prefix: 'api/', may: ['api/'], packages: 'any' },

  { prefix: 'web/service-worker/', may: [], packages: ['workbox-', '$service-worker'] },
  // Part of the build, not of the app.
  { prefix: 'web/bundle/', may: [], packages: ['node:', 'vite', 'zod'] },
  // Draws the icons into static/, by hand; no part of the app.
  { prefix: 'web/icons/', may: [], packages: ['node:'] },
  // Packs the built app for installation; no part of it.
  { prefix: 'web/isolated-app/', may: [], packages: ['node:', 'wbn'] },
  {
    prefix: 'web/',
    may: ['web/lib/', 'web/routes/', 'api/contract/'],
    packages: [
      'webusb-ccid',
      'svelte',
      '$app/',
      '$lib',
      'idb',
      '@simplewebauthn/browser',
      '@noble/hashes/argon2',
      'zod',
      'jose',
      '@lucide/svelte',
      'bits-ui',
      '@tanstack/svelte-virtual',
      'qr',
      'd3-',
      '@lhncbc/ucum-lhc',
      '@fontsource/',
    ],
  },
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isForeign: boolean;
}

const files = SOURCES.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
).filter((name) => /\.(ts|svelte)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name));

function resolveImport(from: string, specifier: string): Import {
  if (specifier.startsWith('.')) {
    return { from, to: relative(root, join(root, dirname(from), specifier)), isForeign: false };
  }
  const own = /^#(api|lib)\/(.*)$/.exec(specifier);
  if (own) return { from, to: `${own[1] === 'api' ? 'api' : 'web/lib'}/${own[2]}`, isForeign: false };
  return { from, to: specifier, isForeign: true };
}

/** The parts of a file that hold code: all of it, or a component's scripts. */
function scriptsOf(file: string): string {
  const source = readFileSync(join(root, file), 'utf8');
  if (!file.endsWith('.svelte')) return source;
  return [...source.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n');
}

/** Type-only arrows count too: they show what a file knows. */
const imports = files.flatMap((from) =>
  ts.preProcessFile(scriptsOf(from), true, true).importedFiles.map(({ fileName }) => resolveImport(from, fileName)),
);

const areaOf = (file: string) => AREAS.find(({ prefix }) => file.startsWith(prefix))!;

it('finds the sources', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(imports.length).toBeGreaterThan(20);
});

it('lets imports follow the table only', () => {
  const forbidden = imports.filter(({ from, to, isForeign }) => {
    const { prefix, may, packages } = areaOf(from);
    if (isForeign) return packages !== 'any' && !packages.some((name) => to.startsWith(name));
    return !to.startsWith(prefix) && !may.some((allowed) => to.startsWith(allowed));
  });
  expect(forbidden.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

it('names WebUSB, node-usb and the Web Smart Card API in transport and readers only', () => {
  const naming = files.filter(
    (file) =>
      file.startsWith('ccid/') &&
      !/^ccid\/(transport|readers|cli|simulated)\//.test(file) &&
      /navigator\.(usb|smartCard)|from 'usb'/.test(
        readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, ''),
      ),
  );
  expect(naming).toEqual([]);
});

it('loads the certificate writer and what it needs before it in one file only', () => {
  const loading = imports.filter(({ to }) => to === '@peculiar/x509' || to === 'reflect-metadata');
  expect(loading.map(({ from, to }) => [from, to])).toEqual([
    ['api/synthetic/x509/peculiar.ts', 'reflect-metadata'],
    ['api/synthetic/x509/peculiar.ts', '@peculiar/x509'],
    ['api/synthetic/x509/peculiar.ts', '@peculiar/x509'],
  ]);
});

it('takes accessible components from the library in the design language only', () => {
  const naming = imports.filter(({ to }) => to === 'bits-ui').map(({ from }) => from);
  expect(naming.length).toBeGreaterThan(0);
  expect(naming.filter((from) => !from.startsWith('web/lib/ui/'))).toEqual([]);
});

it('reads the environment and opens ports in server and demo only', () => {
  const reading = files.filter(
    (file) =>
      file.startsWith('api/') &&
      !/^api\/(server|demo|story|cli)/.test(file) &&
      /process\.env|\.listen\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(reading).toEqual([]);
});

it('has no circle', () => {
  const targets = new Map<string, string[]>();
  for (const { from, to, isForeign } of imports) {
    if (!isForeign) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) return void circles.push([...path.slice(at), file].join(' → '));
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  files.forEach((file) => visit(file, []));
  expect(circles).toEqual([]);
});

it('has no drawer for odds and ends', () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|manager|base|common)(\.|\/)/.test(file))).toEqual([]);
});
