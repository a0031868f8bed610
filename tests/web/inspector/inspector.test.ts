import { beforeEach, describe, expect, it } from 'vitest';
import { CardError, type CardChannel } from 'webusb-ccid';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { inspectCard } from '#lib/inspector/inspect-card.ts';
import { Inspector } from '#lib/inspector/inspector.svelte.ts';
import { readWithPin } from '#lib/inspector/read-with-pin.ts';
import { myNumberPersonalisation } from '../../ccid/simulated-cards/test-cards.ts';

const pin = (digits: string) => new TextEncoder().encode(digits);

let isCardGone: boolean;
let inspector: Inspector;
beforeEach(() => {
  isCardGone = false;
  const card = createSimulatedCard(myNumberPersonalisation);
  const channel: CardChannel = {
    transmit: (command) => (isCardGone ? Promise.reject(new CardError('card_gone', 'pulled')) : card.process(command)),
  };
  inspector = new Inspector({
    withCard: (use) => use(channel),
    loadInspection: () => Promise.resolve({ inspectCard }),
    loadPinReading: () => Promise.resolve({ readWithPin }),
  });
});

it('shows a card, and what it was asked', async () => {
  await inspector.inspect();
  expect(inspector.state).toMatchObject({ kind: 'shown', inspection: { kind: 'mynumber' } });
  expect(inspector.dialogue.length).toBeGreaterThan(10);
});

it('says why, when the card leaves in the middle, and waits again when it is off', async () => {
  isCardGone = true;
  await inspector.inspect();
  expect(inspector.state).toMatchObject({ kind: 'failed', error: { code: 'card_gone' } });
  inspector.noticeCard('absent');
  expect(inspector.state.kind).toBe('waiting');
});

describe('with the PIN', () => {
  beforeEach(() => inspector.inspect());

  it('reads what was asked for, wipes the PIN, and forgets when the card goes', async () => {
    inspector.askPin('myNumber');
    expect(inspector.pin).toMatchObject({ kind: 'asking', triesLeft: 3 });
    const digits = pin('5678');
    await inspector.enterPin(digits);
    expect(inspector.pin).toEqual({
      kind: 'shown',
      result: { kind: 'myNumber', number: myNumberPersonalisation.myNumber },
    });
    expect(digits).toEqual(new Uint8Array(4));
    inspector.noticeCard('absent');
    expect(inspector.pin).toEqual({ kind: 'none' });
    expect(inspector.state.kind).toBe('shown');
  });

  it('reads the attributes', async () => {
    inspector.askPin('attributes');
    await inspector.enterPin(pin('5678'));
    expect(inspector.pin).toMatchObject({
      result: { kind: 'attributes', attributes: { name: myNumberPersonalisation.attributes.name } },
    });
  });

  it('keeps no PIN and no number in the dialogue', async () => {
    inspector.askPin('myNumber');
    await inspector.enterPin(pin('5678'));
    expect(JSON.stringify(inspector.dialogue)).not.toContain('35363738');
    expect(inspector.dialogue.at(-1)).not.toHaveProperty('answer');
  });

  it('counts wrong PINs down, spends the last one only for somebody who was told, and says when it is locked', async () => {
    inspector.askPin('attributes');
    await inspector.enterPin(pin('0000'));
    expect(inspector.pin).toMatchObject({ kind: 'asking', wasWrong: true, triesLeft: 2 });
    await inspector.enterPin(pin('0000'));
    expect(inspector.pin).toMatchObject({ kind: 'asking', triesLeft: 1 });
    await inspector.enterPin(pin('0000'));
    expect(inspector.pin).toMatchObject({ kind: 'failed', error: { code: 'pin_blocked' } });
    expect(inspector.state).toMatchObject({ inspection: { textTriesLeft: 0 } });
  });

  it('shows nothing when it was closed meanwhile, and wipes a PIN that nobody asked for', async () => {
    inspector.askPin('myNumber');
    const entering = inspector.enterPin(pin('5678'));
    inspector.closePin();
    await entering;
    expect(inspector.pin).toEqual({ kind: 'none' });
    const late = pin('5678');
    await inspector.enterPin(late);
    expect(late).toEqual(new Uint8Array(4));
  });
});
