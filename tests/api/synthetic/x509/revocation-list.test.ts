import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '#api/contract/certificate.ts';
import { isListOf, parseCertificateList, revocationDate } from '#api/contract/certificate-list.ts';
import { parseBase64 } from '#api/contract/encoding.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import type { SyntheticAuthority } from '#api/synthetic/x509/authority.ts';
import { X509Certificate, X509Crl, X509CrlReason } from '#api/synthetic/x509/peculiar.ts';
import { issueCertificateList } from '#api/synthetic/x509/revocation-list.ts';
import { REVOCATION_REASONS, revoke } from '#api/synthetic/x509/revoked-entry.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../shared-world.ts';

let world: SyntheticWorld;
beforeAll(async () => {
  world = await sharedWorld();
}, WORLD_TIMEOUT_MS);

const hex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));
const DAY_MS = 86_400_000;
const listOf = (authority: SyntheticAuthority, thisUpdate = NOW) =>
  issueCertificateList(authority, { thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + DAY_MS) });

describe('a list of revoked certificates', () => {
  it('has each with its date and its reason, in both readers', async () => {
    // The second number has a first bit that would be a sign, the third a leading zero.
    const numbers = ['0a0b', 'ff01', '000c', '7f', '80'];
    const authority = REVOCATION_REASONS.reduce(
      (ca, reason, i) =>
        revoke(ca, { serialNumber: numbers[i]!, at: new Date(NOW.getTime() - i * DAY_MS).toISOString(), reason }),
      world.jpki.sign[2],
    );
    const bytes = await listOf(authority);
    const [theirs, ours] = [new X509Crl(bytes), parseCertificateList(bytes)];
    expect(theirs.entries.map(({ reason }) => reason)).toEqual(REVOCATION_REASONS.map((name) => X509CrlReason[name]));
    expect(ours.revoked.size).toBe(REVOCATION_REASONS.length);
    for (const [i, content] of ['0a0b', '00ff01', '0c', '7f', '0080'].entries()) {
      const date = new Date(NOW.getTime() - i * DAY_MS);
      expect(revocationDate(ours, hex(content))).toEqual(date);
      expect(theirs.findRevoked(numbers[i]!)?.revocationDate).toEqual(date);
    }
    expect([theirs.thisUpdate, theirs.nextUpdate]).toEqual([ours.thisUpdate, ours.nextUpdate]);
  });

  it('is its authority’s, in both readers, whether the place is a directory or an address', async () => {
    for (const authority of [world.jpki.auth[2], world.hpki.sign]) {
      const bytes = await listOf(authority);
      const issuer = parseCertificate(parseBase64(authority.certificate));
      const leaf =
        authority === world.hpki.sign
          ? world.cards.hpki[0]!.signCertificate
          : world.cards.mynumber.find((card) => card.authCaCertificate === authority.certificate)!.authCertificate;
      expect(await isListOf(parseCertificateList(bytes), parseCertificate(parseBase64(leaf)), issuer)).toBe(true);
      const publicKey = new X509Certificate(authority.certificate).publicKey;
      expect(await new X509Crl(bytes).verify({ publicKey })).toBe(true);
      const other = new X509Certificate(world.hpki.root.certificate).publicKey;
      expect(await new X509Crl(bytes).verify({ publicKey: other })).toBe(false);
    }
  });

  it.each([
    ['2026-11-20T03:00:00Z', '02046affb7b0'],
    ['2040-01-01T00:00:00Z', '02050083aa7e80'],
    ['2060-01-01T00:00:00Z', '020500a9491c00'],
  ])('of %s has the seconds as its number, always positive', async (instant, integer) => {
    const seconds = Math.floor(Date.parse(instant) / 1000);
    const list = parseCertificateList(await listOf(world.hpki.root, new Date(instant)));
    expect(list.extensions.get('2.5.29.20')).toEqual({ critical: false, value: hex(integer) });
    expect(Number.parseInt(integer.slice(4), 16)).toBe(seconds);
    expect(list.thisUpdate).toEqual(new Date(instant));
  });
});
