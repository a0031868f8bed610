import { expect, it } from 'vitest';
import { selectJpki } from 'webusb-ccid/mynumber';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { parseDemoCards } from '#lib/simulated/demo-cards.ts';
import { createMemoryPreferences } from '../kept-in-memory.ts';
import { MY_NUMBER_CARD, nextCard, openCounter } from './simulated-counter.ts';

it('remembers the retry counters of a card, also after a reload', async () => {
  const memory = createMemoryPreferences();
  const { reader, desk } = await openCounter(memory);
  desk.lay(MY_NUMBER_CARD.id);
  await expect(
    reader.withCard(async (channel) => (await selectJpki(channel)).verifyPin('auth', encodeUtf8('9999'))),
  ).rejects.toMatchObject({ code: 'pin_wrong', attemptsLeft: 2 });

  const reloaded = await openCounter(memory);
  reloaded.desk.lay(MY_NUMBER_CARD.id);
  expect(await reloaded.reader.withCard(async (channel) => (await selectJpki(channel)).readTriesLeft('auth'))).toBe(2);
});

it('pulls a card away in the middle of a dialogue when told to, once', async () => {
  const { reader, desk } = await openCounter();
  desk.lay(MY_NUMBER_CARD.id);
  desk.orderPull(true);
  const gone = nextCard(reader).then(() => nextCard(reader));
  const read = () => reader.withCard(async (channel) => (await selectJpki(channel)).readCertificate('auth'));
  await expect(read()).rejects.toMatchObject({ code: 'card_gone' });
  await gone;
  expect([desk.laidId, desk.isPullOrdered]).toEqual([undefined, false]);

  desk.lay(MY_NUMBER_CARD.id);
  expect((await read()).length).toBeGreaterThan(500);
});

it('reads the list of cards that a demo gateway offers', () => {
  const card = { profile: 'mynumber', id: 'a', label: 'A', authPin: '1234' };
  const cards = parseDemoCards({
    cards: [
      { ...card, note: 'insurance_expired' },
      { ...card, note: 'something new' },
    ],
  });
  expect(cards.map(({ note }) => note)).toEqual(['insurance_expired', undefined]);
  expect(cards[0]).toMatchObject({ authPin: '1234' });
  expect(() => parseDemoCards({ cards: [{ id: 'a' }] })).toThrow();
});
