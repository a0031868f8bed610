import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '#api/contract/certificate.ts';
import { buildCertificatePath } from '#api/contract/certificate-path.ts';
import { type Bytes, TAG, encodeDer } from '#api/contract/der.ts';
import { encodeOid } from '#api/contract/der-values.ts';
import { boolean, integer, sequence } from '#api/synthetic/x509/der-writer.ts';
import { encodeCertificate } from '#api/synthetic/x509/certificate-writer.ts';
import { authorityConstraints, keyUsage } from '#api/synthetic/x509/extension-writer.ts';
import { type KeyPair, generateEcKeyPair, generateRsaKeyPairs } from '#api/synthetic/x509/key-pair.ts';
import type { NameTemplate } from '#api/synthetic/x509/name-writer.ts';

const at = new Date('2026-06-01T00:00:00Z');
let rsa: readonly KeyPair[];
let ec: KeyPair;
beforeAll(async () => {
  [rsa, ec] = await Promise.all([generateRsaKeyPairs(3), generateEcKeyPair()]);
});

const named = (name: string): NameTemplate => [['commonName', `SYNTHETIC ${name}`]];
const extension = (oid: string, critical: boolean, value: Uint8Array): Bytes =>
  sequence(encodeOid(oid), critical ? boolean(true) : new Uint8Array(), encodeDer(TAG.octetString, value));

interface Plan {
  readonly subject: string;
  readonly issuer: string;
  readonly keys: KeyPair;
  readonly issuerKeys: KeyPair;
  readonly extensions?: readonly Bytes[];
  readonly from?: string;
  readonly to?: string;
}

function make({
  subject,
  issuer,
  keys,
  issuerKeys,
  extensions = [authorityConstraints()],
  from = '2020',
  to = '2030',
}: Plan) {
  const template = {
    serialNumber: Uint8Array.of(1),
    subject: named(subject),
    issuer: named(issuer),
    notBefore: new Date(`${from}-01-01T00:00:00Z`),
    notAfter: new Date(`${to}-01-01T00:00:00Z`),
    publicKey: keys.publicKey,
    extensions,
  };
  return parseCertificate(encodeCertificate(template, issuerKeys.privateKey));
}

const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

describe('a certificate path', () => {
  const limited = (length: number) =>
    extension('2.5.29.19', true, sequence(boolean(true), integer(Uint8Array.of(length))));
  const chain = (rootExtensions?: readonly Bytes[], middleExtensions?: readonly Bytes[]) => {
    const [a, b, c] = rsa as readonly [KeyPair, KeyPair, KeyPair];
    const root = make({
      subject: 'root',
      issuer: 'root',
      keys: a,
      issuerKeys: a,
      ...(rootExtensions && { extensions: rootExtensions }),
    });
    const middle = make({
      subject: 'middle',
      issuer: 'root',
      keys: b,
      issuerKeys: a,
      ...(middleExtensions && { extensions: middleExtensions }),
    });
    const leaf = make({
      subject: 'leaf',
      issuer: 'middle',
      keys: c,
      issuerKeys: b,
      extensions: [keyUsage('digitalSignature')],
    });
    return { root, middle, leaf };
  };
  const build = ({ root, middle, leaf }: ReturnType<typeof chain>) =>
    buildCertificatePath(leaf, { anchors: [root], intermediates: [middle], at });

  it('goes from the end entity to the anchor', async () => {
    const all = chain();
    expect((await build(all)).certificates).toEqual([all.leaf, all.middle, all.root]);
  });

  it('ends at a pinned subordinate authority, too', async () => {
    const { middle, leaf } = chain();
    expect((await buildCertificatePath(leaf, { anchors: [middle], at })).certificates).toEqual([leaf, middle]);
  });

  it('respects path lengths', async () => {
    expect(await codeOf(build(chain([limited(1)], [limited(0)])))).toBe('accepted');
    expect(await codeOf(build(chain([limited(0)])))).toBe('certificate_untrusted');
  });

  it('stops at an issuer that is no authority or may not sign certificates', async () => {
    expect(await codeOf(build(chain(undefined, [keyUsage('keyCertSign')])))).toBe('certificate_untrusted');
    expect(await codeOf(build(chain(undefined, [authorityConstraints(), keyUsage('cRLSign')])))).toBe(
      'certificate_untrusted',
    );
  });

  it('stops at a critical extension that nobody here understands, and passes over others', async () => {
    const unknown = (critical: boolean) => [
      authorityConstraints(),
      extension('1.2.3.4', critical, encodeDer(TAG.null)),
    ];
    expect(await codeOf(build(chain(undefined, unknown(true))))).toBe('certificate_wrong_profile');
    expect(await codeOf(build(chain(undefined, unknown(false))))).toBe('accepted');
  });

  it('needs every certificate to be valid at the same instant', async () => {
    const { root, leaf } = chain();
    const [a, b] = rsa as readonly [KeyPair, KeyPair];
    const middle = make({ subject: 'middle', issuer: 'root', keys: b, issuerKeys: a, to: '2025' });
    expect(await codeOf(build({ root, middle, leaf }))).toBe('certificate_expired');
  });

  it('needs names to chain although keys decide', async () => {
    const { root, leaf } = chain();
    const [a, b] = rsa as readonly [KeyPair, KeyPair];
    const middle = make({ subject: 'somebody else', issuer: 'root', keys: b, issuerKeys: a });
    expect(await codeOf(build({ root, middle, leaf }))).toBe('certificate_untrusted');
  });

  it('does not go round in circles', async () => {
    const [a, b, c] = rsa as readonly [KeyPair, KeyPair, KeyPair];
    const one = make({ subject: 'one', issuer: 'two', keys: a, issuerKeys: b });
    const two = make({ subject: 'two', issuer: 'one', keys: b, issuerKeys: a });
    const leaf = make({
      subject: 'leaf',
      issuer: 'one',
      keys: c,
      issuerKeys: a,
      extensions: [keyUsage('digitalSignature')],
    });
    const run = buildCertificatePath(leaf, { anchors: [], intermediates: [one, two], at });
    expect(await codeOf(run)).toBe('certificate_untrusted');
  });

  it('may be signed with elliptic curves', async () => {
    const [a] = rsa as readonly [KeyPair];
    const root = make({ subject: 'root', issuer: 'root', keys: ec, issuerKeys: ec });
    const leaf = make({
      subject: 'leaf',
      issuer: 'root',
      keys: a,
      issuerKeys: ec,
      extensions: [keyUsage('digitalSignature')],
    });
    expect((await buildCertificatePath(leaf, { anchors: [root], at })).certificates).toHaveLength(2);
    const forged = make({
      subject: 'leaf',
      issuer: 'root',
      keys: a,
      issuerKeys: a,
      extensions: [keyUsage('digitalSignature')],
    });
    expect(await codeOf(buildCertificatePath(forged, { anchors: [root], at }))).toBe('certificate_untrusted');
  });

  it('does not rest on a short RSA key', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const short = { privateKey: pair.privateKey, publicKey: createPublicKey(pair.privateKey) };
    const [a] = rsa as readonly [KeyPair];
    const root = make({ subject: 'root', issuer: 'root', keys: short, issuerKeys: short });
    const leaf = make({
      subject: 'leaf',
      issuer: 'root',
      keys: a,
      issuerKeys: short,
      extensions: [keyUsage('digitalSignature')],
    });
    expect(await codeOf(buildCertificatePath(leaf, { anchors: [root], at }))).toBe('certificate_untrusted');
  });
});

describe('a certificate', () => {
  it.each([
    ['the same extension twice', () => [authorityConstraints(), authorityConstraints()]],
    ['an encoded default', () => [sequence(encodeOid('1.2.3.4'), boolean(false), encodeDer(TAG.octetString))]],
    [
      'a path length although it is no authority',
      () => [extension('2.5.29.19', true, sequence(integer(Uint8Array.of(1))))],
    ],
    [
      'a key usage nobody knows',
      () => [extension('2.5.29.15', true, encodeDer(TAG.bitString, Uint8Array.of(5, 0, 0, 0x20)))],
    ],
    [
      'the same policy twice',
      () => [extension('2.5.29.32', true, sequence(sequence(encodeOid('1.2.3')), sequence(encodeOid('1.2.3'))))],
    ],
    ['something after an extension’s value', () => [extension('2.5.29.19', true, Uint8Array.of(0x30, 0, 0))]],
  ])('is malformed with %s', (_, extensions) => {
    const [keys] = rsa as readonly [KeyPair];
    const run = () => make({ subject: 'x', issuer: 'x', keys, issuerKeys: keys, extensions: extensions() });
    expect(run).toThrow(expect.objectContaining({ code: 'certificate_malformed' }));
  });
});
