import { randomFillSync } from 'node:crypto';
import type { Certificate } from '#api/contract/certificate.ts';
import { parseOcspResponse } from '#api/contract/ocsp.ts';
import { createOcspStatus } from '#api/presence/certificate-status-ocsp.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answerer, createOpenSslAuthority, type OpenSslAuthority, whyNoOpenSsl } from './open-ssl-authority.ts';

const reason = whyNoOpenSsl();
if (reason) console.warn(`openssl is not asked for OCSP answers: ${reason}`);

describe.skipIf(reason !== undefined)('revocation by question, answered by openssl', () => {
  let authority: OpenSslAuthority;
  beforeAll(() => (authority = createOpenSslAuthority()), 120_000);
  afterAll(() => authority.close());

  interface Case {
    readonly by?: Answerer;
    readonly args?: readonly string[];
    readonly now?: Date;
    readonly change?: (answer: Uint8Array) => Uint8Array;
    readonly locate?: () => string | undefined;
  }
  async function check(certificate: Certificate, change: Case = {}): Promise<string> {
    const { by = 'authority', args = ['-nmin', '10'], now = new Date() } = change;
    const status = createOcspStatus({
      now: () => now,
      fillRandom: (bytes) => randomFillSync(bytes),
      locate: change.locate ?? (() => 'http://responder.test/'),
      fetch: async (_url, { body }) => {
        const answer = await authority.answer(body as Uint8Array, by, ...args);
        return new Response(Uint8Array.from(change.change?.(answer) ?? answer));
      },
    });
    return (await status.check(certificate, authority.issuer, now)).status;
  }

  it('tells good from revoked, by the word of the authority', async () => {
    expect(await check(authority.good)).toBe('good');
    expect(await check(authority.revoked)).toBe('revoked');
  });

  it.each([
    ['by its name', []],
    ['by its key', ['-resp_key_id']],
  ])('believes a responder, %s', async (_, args) => {
    const answered = { by: 'responder', args: ['-nmin', '10', ...args] } as const;
    expect(await check(authority.good, answered)).toBe('good');
    expect(await check(authority.revoked, answered)).toBe('revoked');
  });

  it.each<[string, Answerer]>([
    ['a stranger of the same name', 'stranger'],
    ['a certificate that was issued for something else', 'leaf'],
    ['a responder that would have to be checked itself', 'checkedResponder'],
  ])('does not believe %s', async (_, by) => {
    expect(await check(authority.good, { by })).toBe('unknown');
  });

  it('knows nothing of a certificate that the authority does not know', async () => {
    const foreign = { ...authority.good, serialNumber: Uint8Array.of(0x77) };
    expect(await check(foreign)).toBe('unknown');
  });

  it('does not believe an answer to another question', async () => {
    let first: Uint8Array | undefined;
    const replay = (answer: Uint8Array) => (first ??= answer);
    expect(await check(authority.good, { change: replay })).toBe('good');
    expect(await check(authority.good, { change: replay })).toBe('unknown');
  });

  it('does not believe an answer before its time or after it', async () => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    expect(await check(authority.good, { now: at(9) })).toBe('good');
    expect(await check(authority.good, { now: at(11) })).toBe('unknown');
    expect(await check(authority.good, { now: at(-6) })).toBe('unknown');
    expect(await check(authority.good, { args: [], now: at(4) })).toBe('good');
    expect(await check(authority.good, { args: [], now: at(6) })).toBe('unknown');
  });

  it('is unknown where nobody may be asked, or nobody answers', async () => {
    expect(await check(authority.good, { locate: () => undefined })).toBe('unknown');
    expect(await check(authority.good, { change: () => new Uint8Array() })).toBe('unknown');
    expect(await check(authority.good, { change: () => Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x06) })).toBe('unknown');
  });

  it('no answer with one bit changed says good, and none does harm', async () => {
    let answer: Uint8Array = new Uint8Array();
    await check(authority.revoked, { by: 'responder', change: (bytes) => (answer = bytes) });
    expect(parseOcspResponse(answer).statuses[0]).toMatchObject({ status: 'revoked' });
    const status = (changed: Uint8Array) =>
      createOcspStatus({
        now: () => new Date(),
        // The nonce of the first question again, so that the change alone decides.
        fillRandom: (bytes) => bytes.set(parseOcspResponse(answer).nonce ?? []),
        locate: () => 'http://responder.test/',
        fetch: () => Promise.resolve(new Response(Uint8Array.from(changed))),
      }).check(authority.revoked, authority.issuer, new Date());
    expect(await status(answer)).toMatchObject({ status: 'revoked' });
    for (let i = 0; i < answer.length; i += 1) {
      const changed = Uint8Array.from(answer);
      changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
      expect((await status(changed)).status).not.toBe('good');
    }
  });
});
