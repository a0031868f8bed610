import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'cbor2';
import { afterAll, describe, expect, it } from 'vitest';
import { Bundle } from 'wbn';
import { isolatedAppManifest } from '../../../web/isolated-app/manifest.ts';
import { readSite, type Resource } from '../../../web/isolated-app/read-site.ts';
import { APP_MANIFEST, isolatedAppResources } from '../../../web/isolated-app/resources.ts';
import { isolatedAppOrigin, signApp } from '../../../web/isolated-app/signed-bundle.ts';
import { readOrCreateDevelopmentKey, readSigningKey } from '../../../web/isolated-app/signing-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'isolated-app-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array): string => new TextDecoder().decode(body);

const pageManifest = JSON.parse(readFileSync('static/manifest.webmanifest', 'utf8')) as Parameters<
  typeof isolatedAppManifest
>[0];
const site: readonly Resource[] = [
  { path: '/index.html', type: 'text/html', body: bytes('<div><script>begin()</script></div>') },
  { path: '/manifest.webmanifest', type: 'application/manifest+json', body: bytes(JSON.stringify(pageManifest)) },
  { path: '/app.js', type: 'text/javascript', body: bytes('start()') },
];
const resourceAt = (resources: readonly Resource[], path: string): string =>
  text(resources.find((resource) => resource.path === path)?.body ?? bytes(''));

describe('the manifest', () => {
  it('keeps the page and adds version, isolation and the permissions that readers need', () => {
    expect(isolatedAppManifest(pageManifest, '1.2.3')).toMatchObject({
      name: pageManifest.name,
      start_url: '/',
      id: '/',
      version: '1.2.3',
      isolated_storage: true,
      permissions_policy: { usb: ['self'], 'usb-unrestricted': ['self'], 'cross-origin-isolated': ['self'] },
    });
  });

  it('has icons in PNG only, of which Chromium needs one', () => {
    const { icons } = isolatedAppManifest(pageManifest, '1.0.0');
    expect(new Set(icons.map(({ type }) => type))).toEqual(new Set(['image/png']));
  });

  it.each(['', '1.2.3.4.5', '1.0-beta', 'v1'])('refuses the version %j', (version) => {
    expect(() => isolatedAppManifest(pageManifest, version)).toThrow(RangeError);
  });
});

describe('the resources', () => {
  const resources = isolatedAppResources(site, ['/card', '/settings'], '1.0.0');

  it('answer every address with the page', () => {
    const pages = ['/', '/index.html', '/card', '/settings'].map((path) => resourceAt(resources, path));
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('<div>');
  });

  it('have no inline script left, and its code in a file at the same place', () => {
    const [, path = ''] = /^<div><script src="([^"]+)"><\/script><\/div>$/.exec(resourceAt(resources, '/')) ?? [];
    expect(resourceAt(resources, path)).toBe('begin()');
  });

  it('have the manifest where Isolated Web Apps have it', () => {
    expect(JSON.parse(resourceAt(resources, APP_MANIFEST))).toMatchObject({ version: '1.0.0', isolated_storage: true });
  });

  it('have no path twice', () => {
    expect(new Set(resources.map(({ path }) => path)).size).toBe(resources.length);
  });

  it('refuse a site that was not built', () => {
    expect(() => isolatedAppResources(site.slice(1), [], '1.0.0')).toThrow(RangeError);
    expect(() => isolatedAppResources(site.slice(0, 1), [], '1.0.0')).toThrow(RangeError);
  });

  it('are read from a folder without the compressed copies', () => {
    for (const name of ['index.html', 'index.html.br', 'a.js', 'a.js.gz']) writeFileSync(join(folder, name), name);
    expect(readSite(folder).map(({ path, type }) => [path, type.split(';')[0]])).toEqual([
      ['/a.js', 'text/javascript'],
      ['/index.html', 'text/html'],
    ]);
    expect(() => readSite(join(folder, 'missing'))).toThrow(RangeError);
    writeFileSync(join(folder, 'b.exe'), '');
    expect(() => readSite(folder)).toThrow(RangeError);
  });
});

/** RFC 4648 §6, small letters, no padding. */
function base32(data: Uint8Array): string {
  const bits = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** Public key bytes as the integrity block has them, and the suffix that names their kind. */
function publicBytes(key: KeyObject): { readonly raw: Uint8Array; readonly suffix: readonly number[] } {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  const x = Buffer.from(jwk.x ?? '', 'base64url');
  if (jwk.kty === 'OKP') return { raw: new Uint8Array(x), suffix: [0, 1, 2] };
  // SEC 1 §2.3.3, compressed.
  const y = Buffer.from(jwk.y ?? '', 'base64url');
  return { raw: Uint8Array.of(2 + (y.at(-1)! & 1), ...x), suffix: [0, 2, 2] };
}

const length = (part: Uint8Array): Uint8Array => {
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(part.length));
  return size;
};

describe.each([
  ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
  ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey],
] as const)('a bundle signed with %s', (_, generate) => {
  const key = generate();
  const { raw, suffix } = publicBytes(key);
  const resources = isolatedAppResources(site, ['/card'], '1.0.0');

  it('has the id that its key makes', async () => {
    const { origin } = await signApp(resources, key);
    expect(origin).toBe(`isolated-app://${base32(Uint8Array.of(...raw, ...suffix))}`);
    expect(isolatedAppOrigin(createPublicKey(key))).toBe(origin);
  });

  it('parses, and answers what was put in', async () => {
    const { bundle, origin } = await signApp(resources, key);
    const parsed = new Bundle(unsigned(bundle));
    expect(parsed.urls).toHaveLength(resources.length);
    for (const { path, type, body } of resources) {
      const response = parsed.getResponse(`${origin}${path}`);
      expect([response.status, response.headers['content-type']]).toEqual([200, type]);
      expect(new Uint8Array(response.body)).toEqual(body);
    }
  });

  it('verifies, and not with another byte', async () => {
    const { bundle } = await signApp(resources, key);
    expect(isSignedBy(bundle, key)).toBe(true);
    const other = bundle.slice();
    other[other.length - 100]! ^= 1;
    expect(isSignedBy(other, key)).toBe(false);
  });
});

/** The web bundle behind the integrity block; its last eight bytes are its length. */
function unsigned(bundle: Uint8Array): Uint8Array {
  const size = Number(new DataView(bundle.buffer, bundle.byteOffset + bundle.length - 8).getBigUint64(0));
  return bundle.slice(bundle.length - size);
}

/** As the integrity block's specification says it: over the bundle's hash, the block without signatures, attributes. */
function isSignedBy(bundle: Uint8Array, key: KeyObject): boolean {
  const web = unsigned(bundle);
  const block = bundle.slice(0, bundle.length - web.length);
  const [magic, version, attributes, [[signatureAttributes, signature]]] =
    decode<[Uint8Array, Uint8Array, object, [[Record<string, Uint8Array>, Uint8Array]]]>(block);
  expect(text(magic)).toBe('🖋📦');
  expect(Object.values(signatureAttributes)).toEqual([publicBytes(key).raw]);
  const parts = [
    createHash('sha512').update(web).digest(),
    encode([magic, version, attributes, []]),
    encode(signatureAttributes),
  ];
  const statement = Buffer.concat(parts.flatMap((part) => [length(part), part]));
  return verify(undefined, statement, createPublicKey(key), signature);
}

describe('the key', () => {
  it('for development is made once and kept for its owner only', () => {
    const path = join(folder, 'keys', 'development.pem');
    const first = isolatedAppOrigin(readOrCreateDevelopmentKey(path));
    expect(isolatedAppOrigin(readOrCreateDevelopmentKey(path))).toBe(first);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('of another kind is refused', () => {
    const path = join(folder, 'rsa.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => readSigningKey(path)).toThrow(RangeError);
    expect(() => readSigningKey(join(folder, 'missing.pem'))).toThrow(RangeError);
    expect(() => readSigningKey('package.json')).toThrow(RangeError);
  });
});
