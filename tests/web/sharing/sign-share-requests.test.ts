import { beforeAll, describe, expect, it } from 'vitest';
import type { CardChannel } from 'webusb-ccid';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { parseCertificate } from '#api/contract/certificate.ts';
import { encodeUtf8, parseBase64 } from '#api/contract/encoding.ts';
import { verifyHpkiCertificate } from '#api/contract/hpki-certificate.ts';
import { HPKI_ROLES } from '#api/contract/hpki-role.ts';
import { createId } from '#api/contract/ids.ts';
import { createShareRequest } from '#api/contract/share-request-draft.ts';
import { readSignerChain, verifyShareRequest } from '#api/contract/share-request.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { readSigner } from '#lib/sharing/signer.ts';
import { signShareRequests } from '#lib/sharing/sign-share-requests.ts';
import { NOW, sharedWorld, WORLD_TIMEOUT_MS } from '../../api/synthetic/shared-world.ts';

let world: SyntheticWorld;
beforeAll(async () => (world = await sharedWorld()), WORLD_TIMEOUT_MS);

function layDown(index: number): { readonly channel: CardChannel; readonly verifyCount: () => number } {
  const personalisation = world.cards.hpki[index];
  if (!personalisation) throw new RangeError('no such card');
  const card = createSimulatedCard(personalisation);
  let verifies = 0;
  return {
    channel: {
      transmit: (command) => {
        if (command[1] === 0x20 && command.length > 5) verifies += 1;
        return card.process(command);
      },
    },
    verifyCount: () => verifies,
  };
}

const pin = (text = '123456') => encodeUtf8(text);

const requestTo = (to: string) =>
  createShareRequest(
    {
      id: createId(),
      from: 'hoshi/2710000034',
      to,
      purpose: 'treatment',
      kinds: ['laboratory'],
      visits: ['a.b.c'],
      consent: { presence: 'a.b.c', binding: 'a.b.c' },
      consentExpires: '2026-12-20T00:00:00Z',
      requester: 'x',
    },
    NOW,
  );

describe('who is about to sign', () => {
  it('is read from the card without a PIN', async () => {
    const { channel, verifyCount } = layDown(0);
    const signer = await readSigner(channel);
    expect(signer).toMatchObject({ role: HPKI_ROLES.medicalDoctor, mayAsk: true });
    expect(signer.triesLeft).toBeGreaterThan(1);
    expect(signer.name).toContain(world.staff[0]?.name.family.kanji);
    expect(signer.authorities).toHaveLength(1);
    expect(verifyCount()).toBe(0);
  });

  it.each([
    [2, HPKI_ROLES.pharmacist],
    [3, 'General Nurse'],
  ])('may not ask without being a doctor', async (index, role) => {
    expect(await readSigner(layDown(index).channel)).toMatchObject({ role, mayAsk: false });
  });

  it('is nobody when the card is a patient’s', async () => {
    const [card] = world.cards.mynumber;
    if (!card) throw new RangeError('a card');
    const simulated = createSimulatedCard(card);
    await expect(readSigner({ transmit: (command) => simulated.process(command) })).rejects.toMatchObject({
      code: 'not_this_card',
    });
  });
});

describe('signing', () => {
  it('gives each hospital a request that its checks accept, with one VERIFY for each signature', async () => {
    const { channel, verifyCount } = layDown(0);
    const signer = await readSigner(channel);
    const requests = [requestTo('sakura/1310000012'), requestTo('ume/1310000020')];
    const counts: number[] = [];
    const signed = await signShareRequests(channel, requests, {
      signer,
      pin: pin(),
      onSigned: (count) => counts.push(count),
    });
    expect(counts).toEqual([1, 2]);
    expect(verifyCount()).toBeLessThanOrEqual(2);
    const anchors = [parseCertificate(parseBase64(world.hpki.root.certificate))];
    for (const [index, jws] of signed.entries()) {
      const [leaf, ...rest] = readSignerChain(jws);
      if (!leaf) throw new RangeError('a chain');
      const options = { anchors, world: 'test', at: NOW, allowedRoles: [HPKI_ROLES.medicalDoctor] } as const;
      const { certificate } = await verifyHpkiCertificate([leaf, ...rest], options);
      const key = await crypto.subtle.importKey(
        'spki',
        certificate.publicKey.spki,
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        true,
        ['verify'],
      );
      const jwk = await crypto.subtle.exportKey('jwk', key);
      expect(await verifyShareRequest(jws, { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' })).toEqual(requests[index]);
    }
  });

  it('stops at a wrong PIN and says how many tries are left', async () => {
    const { channel, verifyCount } = layDown(0);
    const signer = await readSigner(channel);
    const signing = signShareRequests(channel, [requestTo('sakura/1310000012'), requestTo('ume/1310000020')], {
      signer,
      pin: pin('999999'),
    });
    await expect(signing).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: signer.triesLeft - 1 });
    expect(verifyCount()).toBe(1);
  });

  it('refuses a card that was swapped after it was shown, before any PIN leaves', async () => {
    const signer = await readSigner(layDown(0).channel);
    const other = layDown(3);
    const signing = signShareRequests(other.channel, [requestTo('sakura/1310000012')], { signer, pin: pin() });
    await expect(signing).rejects.toMatchObject({ code: 'not_this_card' });
    expect(other.verifyCount()).toBe(0);
  });
});
