import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, parseCertificate } from '#api/contract/certificate.ts';
import { parseCertificateList } from '#api/contract/certificate-list.ts';
import { type CertificateStatus, requireGoodStatus } from '#api/contract/certificate-status.ts';
import { parseBase64 } from '#api/contract/encoding.ts';
import { verifyHpkiCertificate } from '#api/contract/hpki-certificate.ts';
import { verifyJpkiCertificate } from '#api/contract/jpki-certificate.ts';
import { createCrlStatus, locateByIssuerKey } from '#api/presence/certificate-status-crl.ts';
import { createSimulatedStatus } from '#api/presence/certificate-status-simulated.ts';
import { createPayerSimulator } from '#api/payer-simulator/payer-simulator.ts';
import { placesOfLists } from '#api/payer-simulator/authority-publication.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import type { SyntheticAuthority } from '#api/synthetic/x509/authority.ts';
import { issueCertificateList } from '#api/synthetic/x509/revocation-list.ts';
import { revoke } from '#api/synthetic/x509/revoked-entry.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';

const HOUR_MS = 3_600_000;
const later = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);
let world: SyntheticWorld;
beforeAll(async () => {
  world = await sharedWorld();
}, WORLD_TIMEOUT_MS);

const parse = (base64: string) => parseCertificate(parseBase64(base64));
const cardOf = (trait: string) => {
  const index = world.people.findIndex((person) => person.trait === trait);
  return world.cards.mynumber[index]!;
};
const pairOf = (trait: string): readonly [Certificate, Certificate] => {
  const card = cardOf(trait);
  return [parse(card.authCertificate), parse(card.authCaCertificate)];
};
const authorityOf = (trait: string): SyntheticAuthority =>
  world.jpki.auth.find(({ certificate }) => certificate === cardOf(trait).authCaCertificate)!;

/** A place that serves what it is told to and counts. */
function listServer(serve: () => Uint8Array | Response | Promise<Uint8Array | Response>) {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    fetch: async () => {
      calls += 1;
      const served = await serve();
      return served instanceof Response ? served : new Response(Uint8Array.from(served));
    },
  };
}
const listOf = (authority: SyntheticAuthority, thisUpdate = NOW, nextUpdate = later(24)) =>
  issueCertificateList(authority, { thisUpdate, nextUpdate });
const locate = () => 'http://lists.test/a.crl';

describe('revocation by lists', () => {
  it('tells the revoked certificate from the others, through what the payer simulator publishes', async () => {
    const payer = createPayerSimulator(world, () => NOW);
    const status = createCrlStatus({
      fetch: async (url, init) => payer.request(url, init),
      now: () => NOW,
      locate: locateByIssuerKey(placesOfLists(world, 'http://payer.test')),
    });
    for (const [i, card] of world.cards.mynumber.entries()) {
      const answer = await status.check(parse(card.authCertificate), parse(card.authCaCertificate), NOW);
      expect(answer.status).toBe(world.people[i]?.trait === 'certificate_revoked' ? 'revoked' : 'good');
      expect(answer.source).toMatch(/^http:\/\/payer\.test\/pki\/jpki-auth-[23]\.crl$/);
    }
  });

  it('covers HPKI paths up to the root', async () => {
    const payer = createPayerSimulator(world, () => NOW);
    const places = placesOfLists(world, 'http://payer.test');
    const status = createCrlStatus({
      fetch: async (url) => payer.request(url),
      now: () => NOW,
      locate: locateByIssuerKey(places),
    });
    const [card] = world.cards.hpki;
    const { path } = await verifyHpkiCertificate(
      [parseBase64(card!.signCertificate), ...card!.caCertificates.map(parseBase64)],
      {
        anchors: [parse(world.hpki.root.certificate)],
        world: 'test',
        at: NOW,
      },
    );
    const answers = await requireGoodStatus(path, status, NOW);
    expect(answers.map(({ source }) => source)).toEqual([
      'http://payer.test/pki/hpki-sign.crl',
      'http://payer.test/pki/hpki-root.crl',
    ]);
  });

  it('judges by the instant asked for: good before the day of revocation', async () => {
    const server = listServer(() => listOf(authorityOf('certificate_revoked')));
    const status = createCrlStatus({ fetch: server.fetch, now: () => NOW, locate });
    const [certificate, issuer] = pairOf('certificate_revoked');
    const [entry] = authorityOf('certificate_revoked').revoked;
    const revokedAt = new Date(entry!.at);
    const before = new Date(revokedAt.getTime() - 1000);
    expect((await status.check(certificate, issuer, revokedAt)).status).toBe('revoked');
    expect((await status.check(certificate, issuer, before)).status).toBe('good');
  });

  it('keeps a list until nextUpdate, then fetches again, and a failing place makes it unknown', async () => {
    let now = NOW;
    let isDown = false;
    const server = listServer(() =>
      isDown
        ? new Response('', { status: 503 })
        : listOf(authorityOf('ordinary'), now, new Date(now.getTime() + 24 * HOUR_MS)),
    );
    const status = createCrlStatus({ fetch: server.fetch, now: () => now, locate });
    const pair = pairOf('ordinary');
    const check = async () => (await status.check(...pair, now)).status;
    expect([await check(), await check(), await check()]).toEqual(['good', 'good', 'good']);
    expect(server.calls).toBe(1);
    isDown = true;
    now = later(23);
    expect(await check()).toBe('good');
    now = later(25);
    expect(await check()).toBe('unknown');
    isDown = false;
    expect(await check()).toBe('good');
    expect(server.calls).toBe(3);
  });

  it('fetches once for many who ask at once', async () => {
    const server = listServer(() => listOf(authorityOf('ordinary')));
    const status = createCrlStatus({ fetch: server.fetch, now: () => NOW, locate });
    const answers = await Promise.all(Array.from({ length: 20 }, () => status.check(...pairOf('ordinary'), NOW)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set(['good']));
    expect(server.calls).toBe(1);
  });

  const corrupt = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 5 ? byte ^ 1 : byte));
  it.each([
    ['an error page', () => new Response('<html>', { status: 200 })],
    ['nothing', () => new Uint8Array()],
    ['a list with a changed byte', async () => corrupt(await listOf(authorityOf('ordinary')))],
    ['a list of another generation of the same name', () => listOf(world.jpki.auth[0])],
    ['a list of another kind of authority', () => listOf(world.jpki.sign[2])],
    ['a list that has ended', () => listOf(authorityOf('ordinary'), later(-48), later(-1))],
    ['a list from the future', () => listOf(authorityOf('ordinary'), later(1), later(24))],
    [
      'a list for another place of the same authority',
      () => listOf({ ...authorityOf('ordinary'), listLocation: { url: 'http://elsewhere.test/' } }),
    ],
  ])('is unknown when the place serves %s', async (_, serve) => {
    const status = createCrlStatus({ fetch: listServer(serve).fetch, now: () => NOW, locate });
    expect((await status.check(...pairOf('ordinary'), NOW)).status).toBe('unknown');
  });

  it('is unknown without a place, when the network fails, when the list is too large, and for a time after the list', async () => {
    const good = listServer(() => listOf(authorityOf('ordinary')));
    const providers: readonly CertificateStatus[] = [
      createCrlStatus({ fetch: good.fetch, now: () => NOW }),
      createCrlStatus({ fetch: () => Promise.reject(new TypeError('no network')), now: () => NOW, locate }),
      createCrlStatus({ fetch: good.fetch, now: () => NOW, locate, maximumSizeBytes: 100 }),
    ];
    for (const status of providers) {
      expect((await status.check(...pairOf('ordinary'), NOW)).status).toBe('unknown');
    }
    const status = createCrlStatus({ fetch: good.fetch, now: () => NOW, locate });
    expect((await status.check(...pairOf('ordinary'), later(25))).status).toBe('unknown');
  });
});

describe('a list of revoked certificates', () => {
  const entry = { serialNumber: '0abc', at: NOW.toISOString(), reason: 'superseded' } as const;

  it('is refused cut short anywhere', async () => {
    const list = await listOf(revoke(world.jpki.auth[2], entry));
    expect(parseCertificateList(list).revoked.size).toBeGreaterThan(0);
    for (let length = 0; length < list.length; length++) {
      expect(() => parseCertificateList(list.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'certificate_malformed' }),
      );
    }
  });

  it('leaves out what is revoked later', async () => {
    const authority = revoke(world.hpki.sign, { ...entry, at: later(1).toISOString() });
    expect(parseCertificateList(await listOf(authority)).revoked.size).toBe(0);
    expect(parseCertificateList(await listOf(authority, later(2))).revoked.get('0abc')).toEqual(later(1));
  });
});

describe('what a path needs of its status', () => {
  const path = async () => {
    const options = { anchors: world.jpki.auth.map((ca) => parse(ca.certificate)), world: 'test', at: NOW } as const;
    return (await verifyJpkiCertificate(parseBase64(cardOf('ordinary').authCertificate), options)).path;
  };

  it('is that every certificate below the anchor is good', async () => {
    const answers = await requireGoodStatus(await path(), createSimulatedStatus({ now: () => NOW }), NOW);
    expect(answers).toEqual([{ status: 'good', source: 'simulated', checkedAt: NOW }]);
  });

  it('is refused when one is revoked or unknown', async () => {
    const revoked = createSimulatedStatus({ now: () => NOW, isRevoked: () => true });
    await expect(requireGoodStatus(await path(), revoked, NOW)).rejects.toMatchObject({ code: 'certificate_revoked' });
    const silent = createSimulatedStatus({ now: () => NOW, isUnreachable: () => true });
    await expect(requireGoodStatus(await path(), silent, NOW)).rejects.toMatchObject({
      code: 'certificate_status_unknown',
    });
  });
});
