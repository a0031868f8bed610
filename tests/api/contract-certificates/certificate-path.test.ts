import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '#api/contract/certificate.ts';
import { buildCertificatePath } from '#api/contract/certificate-path.ts';
import { type Bytes, TAG, contextTag, encodeDer, readWhole } from '#api/contract/der.ts';
import { encodeOid, readAll } from '#api/contract/der-values.ts';
import { signCertificate } from '#api/synthetic/x509/certificate.ts';
import { toSigningKey } from '#api/synthetic/x509/certificate-key.ts';
import { authorityConstraints, keyUsage } from '#api/synthetic/x509/extensions.ts';
import { type KeyPair, generateEcKeyPair, generateRsaKeyPairs } from '#api/synthetic/x509/key-pair.ts';
import type { NameTemplate } from '#api/synthetic/x509/name-template.ts';
import { BasicConstraintsExtension, Extension } from '#api/synthetic/x509/peculiar.ts';

const at = new Date('2026-06-01T00:00:00Z');
let rsa: readonly KeyPair[];
let ec: KeyPair;
beforeAll(async () => {
  [rsa, ec] = await Promise.all([generateRsaKeyPairs(3), generateEcKeyPair()]);
});

const named = (name: string): NameTemplate => [['commonName', `SYNTHETIC ${name}`]];

interface Plan {
  readonly subject: string;
  readonly issuer: string;
  readonly keys: KeyPair;
  readonly issuerKeys: KeyPair;
  readonly extensions?: readonly Extension[];
  readonly from?: string;
  readonly to?: string;
}

async function make({
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
  return parseCertificate(await signCertificate(template, await toSigningKey(issuerKeys.privateKey)));
}

const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

describe('a certificate path', () => {
  const limited = (length: number) => new BasicConstraintsExtension(true, length, true);
  const chain = async (rootExtensions?: readonly Extension[], middleExtensions?: readonly Extension[]) => {
    const [a, b, c] = rsa as readonly [KeyPair, KeyPair, KeyPair];
    const root = await make({
      subject: 'root',
      issuer: 'root',
      keys: a,
      issuerKeys: a,
      ...(rootExtensions && { extensions: rootExtensions }),
    });
    const middle = await make({
      subject: 'middle',
      issuer: 'root',
      keys: b,
      issuerKeys: a,
      ...(middleExtensions && { extensions: middleExtensions }),
    });
    const leaf = await make({
      subject: 'leaf',
      issuer: 'middle',
      keys: c,
      issuerKeys: b,
      extensions: [keyUsage('digitalSignature')],
    });
    return { root, middle, leaf };
  };
  const build = ({ root, middle, leaf }: Awaited<ReturnType<typeof chain>>) =>
    buildCertificatePath(leaf, { anchors: [root], intermediates: [middle], at });

  it('goes from the end entity to the anchor', async () => {
    const all = await chain();
    expect((await build(all)).certificates).toEqual([all.leaf, all.middle, all.root]);
  });

  it('ends at a pinned subordinate authority, too', async () => {
    const { middle, leaf } = await chain();
    expect((await buildCertificatePath(leaf, { anchors: [middle], at })).certificates).toEqual([leaf, middle]);
  });

  it('respects path lengths', async () => {
    expect(await codeOf(build(await chain([limited(1)], [limited(0)])))).toBe('accepted');
    expect(await codeOf(build(await chain([limited(0)])))).toBe('certificate_untrusted');
  });

  it('stops at an issuer that is no authority or may not sign certificates', async () => {
    expect(await codeOf(build(await chain(undefined, [keyUsage('keyCertSign')])))).toBe('certificate_untrusted');
    expect(await codeOf(build(await chain(undefined, [authorityConstraints(), keyUsage('cRLSign')])))).toBe(
      'certificate_untrusted',
    );
  });

  it('stops at a critical extension that nobody here understands, and passes over others', async () => {
    const unknown = (critical: boolean) => [
      authorityConstraints(),
      new Extension('1.2.3.4', critical, encodeDer(TAG.null)),
    ];
    expect(await codeOf(build(await chain(undefined, unknown(true))))).toBe('certificate_wrong_profile');
    expect(await codeOf(build(await chain(undefined, unknown(false))))).toBe('accepted');
  });

  it('needs every certificate to be valid at the same instant', async () => {
    const { root, leaf } = await chain();
    const [a, b] = rsa as readonly [KeyPair, KeyPair];
    const middle = await make({ subject: 'middle', issuer: 'root', keys: b, issuerKeys: a, to: '2025' });
    expect(await codeOf(build({ root, middle, leaf }))).toBe('certificate_expired');
  });

  it('needs names to chain although keys decide', async () => {
    const { root, leaf } = await chain();
    const [a, b] = rsa as readonly [KeyPair, KeyPair];
    const middle = await make({ subject: 'somebody else', issuer: 'root', keys: b, issuerKeys: a });
    expect(await codeOf(build({ root, middle, leaf }))).toBe('certificate_untrusted');
  });

  it('does not go round in circles', async () => {
    const [a, b, c] = rsa as readonly [KeyPair, KeyPair, KeyPair];
    const one = await make({ subject: 'one', issuer: 'two', keys: a, issuerKeys: b });
    const two = await make({ subject: 'two', issuer: 'one', keys: b, issuerKeys: a });
    const leaf = await make({
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
    const root = await make({ subject: 'root', issuer: 'root', keys: ec, issuerKeys: ec });
    const leaf = await make({
      subject: 'leaf',
      issuer: 'root',
      keys: a,
      issuerKeys: ec,
      extensions: [keyUsage('digitalSignature')],
    });
    expect((await buildCertificatePath(leaf, { anchors: [root], at })).certificates).toHaveLength(2);
    const forged = await make({
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
    const root = await make({ subject: 'root', issuer: 'root', keys: short, issuerKeys: short });
    const leaf = await make({
      subject: 'leaf',
      issuer: 'root',
      keys: a,
      issuerKeys: short,
      extensions: [keyUsage('digitalSignature')],
    });
    expect(await codeOf(buildCertificatePath(leaf, { anchors: [root], at }))).toBe('certificate_untrusted');
  });
});

/** Elements that the library does not write: it knows better. */
const sequence = (...parts: readonly Uint8Array[]): Bytes => encodeDer(TAG.sequence, ...parts);
const FALSE = encodeDer(TAG.boolean, Uint8Array.of(0));
const TRUE = encodeDer(TAG.boolean, Uint8Array.of(0xff));
const element = (oid: string, flag: Uint8Array, value: Uint8Array): Bytes =>
  sequence(encodeOid(oid), flag, encodeDer(TAG.octetString, value));

/** The same certificate with other extensions. Its signature is no longer one, which nobody asks of a malformed one. */
function replaceExtensions(certificate: Bytes, extensions: readonly Bytes[]): Bytes {
  const [signed, ...rest] = readAll(readWhole(certificate, TAG.sequence).value);
  const kept = readAll(signed!.value).filter(({ tag }) => tag !== contextTag(3));
  const list = encodeDer(contextTag(3), sequence(...extensions));
  return sequence(sequence(...kept.map(({ raw }) => raw), list), ...rest.map(({ raw }) => raw));
}

describe('a certificate', () => {
  const authority = element('2.5.29.19', TRUE, sequence(TRUE));
  const original = async () => {
    const [keys] = rsa as readonly [KeyPair];
    return make({ subject: 'x', issuer: 'x', keys, issuerKeys: keys });
  };

  it('comes back when its extensions are replaced by the same ones', async () => {
    const { der } = await original();
    expect(replaceExtensions(der, [authority])).toEqual(der);
  });

  it.each([
    ['the same extension twice', [authority, authority]],
    ['an encoded default', [element('1.2.3.4', FALSE, new Uint8Array())]],
    [
      'a path length although it is no authority',
      [element('2.5.29.19', TRUE, sequence(encodeDer(TAG.integer, Uint8Array.of(1))))],
    ],
    ['a key usage nobody knows', [element('2.5.29.15', TRUE, encodeDer(TAG.bitString, Uint8Array.of(5, 0, 0, 0x20)))]],
    [
      'the same policy twice',
      [element('2.5.29.32', TRUE, sequence(sequence(encodeOid('1.2.3')), sequence(encodeOid('1.2.3'))))],
    ],
    ['something after an extension’s value', [element('2.5.29.19', TRUE, Uint8Array.of(0x30, 0, 0))]],
  ])('is malformed with %s', async (_, extensions) => {
    const { der } = await original();
    expect(() => parseCertificate(replaceExtensions(der, extensions))).toThrow(
      expect.objectContaining({ code: 'certificate_malformed' }),
    );
  });
});
