import { describe, expect, it } from 'vitest';
import type { CardChannel } from 'webusb-ccid';
import { createSimulatedCard, type CardPersonalisation } from 'webusb-ccid/simulated';
import { drawChambers } from '#lib/inspector/chambers.ts';
import { inspectCard } from '#lib/inspector/inspect-card.ts';
import {
  foreignPersonalisation,
  hpkiPersonalisation,
  myNumberPersonalisation,
} from '../../ccid/simulated-cards/test-cards.ts';

function layDown(personalisation: CardPersonalisation): CardChannel & { readonly pinsSent: () => number } {
  const card = createSimulatedCard(personalisation);
  let pinsSent = 0;
  return {
    transmit(command) {
      if (command[1] === 0x20 && command.length > 4) pinsSent += 1;
      return card.process(command);
    },
    pinsSent: () => pinsSent,
  };
}

describe('a My Number Card', () => {
  it('is seen through without sending a PIN', async () => {
    const channel = layDown(myNumberPersonalisation);
    const inspection = await inspectCard(channel);
    expect(inspection).toMatchObject({
      kind: 'mynumber',
      device: 'card',
      auth: { isThere: true, triesLeft: 3 },
      sign: { isThere: true, triesLeft: 5, chain: undefined },
      textTriesLeft: 3,
    });
    expect(channel.pinsSent()).toBe(0);
  });

  it('shows its authentication certificate and the authority that signed it', async () => {
    const inspection = await inspectCard(layDown(myNumberPersonalisation));
    if (inspection.kind !== 'mynumber') throw new RangeError('not a My Number Card');
    expect(inspection.auth.chain?.map(({ signedBy, known }) => ({ signedBy, known }))).toEqual([
      { signedBy: 'next', known: undefined },
      { signedBy: 'itself', known: undefined },
    ]);
    expect(inspection.auth.chain?.[0].facts).toMatchObject({
      isAuthority: false,
      authorityName: undefined,
      key: 'RSA 2048',
      usages: ['digitalSignature'],
      holder: undefined,
    });
  });

  it('is drawn as three chambers, what is free apart from what is locked', async () => {
    const chambers = drawChambers(await inspectCard(layDown(myNumberPersonalisation)));
    expect(chambers.map(({ application }) => application)).toEqual(['jpki', 'text', 'surface']);
    const states = Object.fromEntries(chambers.flatMap(({ files }) => files.map(({ name, state }) => [name, state])));
    expect(states).toMatchObject({
      'jpki.authCertificate': 'read',
      'jpki.signCertificate': 'locked',
      'jpki.authKey': 'key',
      'text.myNumber': 'locked',
      'surface.myNumberImage': 'locked',
    });
    expect(Object.keys(states).some((name) => name.endsWith('Pin'))).toBe(false);
  });
});

it.each(['android', 'iphone'] as const)(
  'an %s phone is recognised; its certificate waits for the PIN',
  async (device) => {
    const { surface: _, ...rest } = myNumberPersonalisation;
    const inspection = await inspectCard(layDown({ ...rest, device }));
    expect(inspection).toMatchObject({ kind: 'mynumber', device, auth: { chain: undefined } });
    const [jpki] = drawChambers(inspection);
    expect(jpki?.files.find(({ name }) => name === 'jpki.authCertificate')).toMatchObject({ state: 'locked' });
  },
);

it('an HPKI card shows licence and holder, and no registration number', async () => {
  const inspection = await inspectCard(layDown(hpkiPersonalisation));
  if (inspection.kind !== 'hpki') throw new RangeError('not an HPKI card');
  const facts = inspection.sign.chain?.[0].facts;
  expect(facts).toMatchObject({ usages: ['nonRepudiation'] });
  expect(facts?.holder ?? {}).not.toHaveProperty('registration');
  expect(drawChambers(inspection)[0]).toMatchObject({ application: 'hpkiSignature' });
});

it('another card is named by the application that answers, and nothing of it is read', async () => {
  const channel = layDown(foreignPersonalisation);
  const read: number[] = [];
  const watched: CardChannel = {
    transmit: (command) => {
      read.push(command[1] ?? 0);
      return channel.transmit(command);
    },
  };
  const inspection = await inspectCard(watched);
  expect(inspection).toEqual({ kind: 'other', application: 'drivingLicence' });
  expect(new Set(read)).toEqual(new Set([0xa4]));
  expect(drawChambers(inspection)).toEqual([]);
});

it('a card that nothing is known of stays unknown', async () => {
  const inspection = await inspectCard({ transmit: () => Promise.resolve(Uint8Array.of(0x6a, 0x82)) });
  expect(inspection).toEqual({ kind: 'other', application: undefined });
});
