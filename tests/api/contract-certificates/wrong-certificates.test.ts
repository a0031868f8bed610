import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '#api/contract/certificate.ts';
import { parseBase64 } from '#api/contract/encoding.ts';
import { verifyHpkiCertificate } from '#api/contract/hpki-certificate.ts';
import { HPKI_ROLES } from '#api/contract/hpki-role.ts';
import { verifyJpkiCertificate } from '#api/contract/jpki-certificate.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { createWrongCertificates } from '#api/synthetic/wrong-certificates.ts';
import type { SyntheticAuthority } from '#api/synthetic/x509/authority.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from '../synthetic/shared-world.ts';

let world: SyntheticWorld;
let wrong: Awaited<ReturnType<typeof createWrongCertificates>>;
beforeAll(async () => {
  world = await sharedWorld();
  wrong = await createWrongCertificates(world, NOW);
}, WORLD_TIMEOUT_MS);
const anchors = (...authorities: readonly SyntheticAuthority[]) =>
  authorities.map(({ certificate }) => parseCertificate(parseBase64(certificate)));

/** What happened to each, by name, beside what has to. */
async function outcomes(
  list: readonly { readonly name: string; readonly code: string }[],
  verify: (i: number) => Promise<unknown>,
) {
  const settled = await Promise.allSettled(list.map((_, i) => verify(i)));
  return {
    actual: settled.map((result, i) => [
      list[i]?.name,
      result.status === 'fulfilled' ? 'accepted' : (result.reason as { code?: string }).code,
    ]),
    expected: list.map(({ name, code }) => [name, code]),
  };
}

describe('wrong certificates', () => {
  it('of the JPKI kind are each refused for their own reason', async () => {
    const { actual, expected } = await outcomes(wrong.jpki, (i) =>
      verifyJpkiCertificate(wrong.jpki[i]!.chain[0], { anchors: anchors(...world.jpki.auth), world: 'test', at: NOW }),
    );
    expect(actual).toEqual(expected);
    expect(actual).toHaveLength(14);
  });

  it('of the HPKI kind are each refused for their own reason', async () => {
    const { actual, expected } = await outcomes(wrong.hpki, (i) =>
      verifyHpkiCertificate(wrong.hpki[i]!.chain, {
        anchors: anchors(world.hpki.root),
        world: 'test',
        at: NOW,
        allowedRoles: [HPKI_ROLES.medicalDoctor],
      }),
    );
    expect(actual).toEqual(expected);
    expect(actual).toHaveLength(15);
  });

  it('of one world are refused in the other: a test card in production', async () => {
    for (const card of world.cards.mynumber) {
      const options = { anchors: anchors(...world.jpki.auth), world: 'production', at: NOW } as const;
      await expect(verifyJpkiCertificate(parseBase64(card.authCertificate), options)).rejects.toMatchObject({
        code: 'certificate_wrong_policy',
      });
    }
  });
});

describe('the issuer of a My Number certificate', () => {
  it('is chosen by key among three of one name, whatever their order', async () => {
    const [first, second, third] = world.jpki.auth;
    for (const order of [
      [first, second, third],
      [third, second, first],
      [second, first, third],
    ]) {
      for (const card of world.cards.mynumber) {
        const options = { anchors: anchors(...order), world: 'test', at: NOW } as const;
        const { issuer } = await verifyJpkiCertificate(parseBase64(card.authCertificate), options);
        expect(issuer.der).toEqual(parseBase64(card.authCaCertificate));
      }
    }
  });

  it('is not replaced by another generation when its own is not pinned', async () => {
    const [card] = world.cards.mynumber;
    const others = world.jpki.auth.filter(({ certificate }) => certificate !== card?.authCaCertificate);
    const options = { anchors: anchors(...others), world: 'test', at: NOW } as const;
    await expect(verifyJpkiCertificate(parseBase64(card?.authCertificate ?? ''), options)).rejects.toMatchObject({
      code: 'certificate_untrusted',
    });
  });
});
