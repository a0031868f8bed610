import { expect, it } from 'vitest';
import { createSimulatedCard, SimulatedSmartCards, SimulatedUsb } from 'webusb-ccid/simulated';
import { CardReader } from '#lib/reader.svelte.ts';
import { createMemoryPreferences } from './kept-in-memory.ts';
import { MY_NUMBER_CARD, nextCard, openCounter } from './simulated/simulated-counter.ts';

it('offers the simulated reader and says that it is one', async () => {
  const { reader } = await openCounter();
  expect(reader.choices.map(({ isSimulated }) => isSimulated)).toEqual([true]);
  expect(reader.isSimulated).toBe(true);
  expect(reader.cardState).toBe('absent');
});

it('tells of cards that are laid and taken off', async () => {
  const { reader, desk } = await openCounter();
  const laid = nextCard(reader);
  desk.lay(MY_NUMBER_CARD.id);
  expect(await laid).toBe('present');
  const taken = nextCard(reader);
  desk.takeOff();
  expect(await taken).toBe('absent');
});

it('powers a card on, lets it be used, and powers it off again', async () => {
  const { reader, desk } = await openCounter();
  desk.lay(MY_NUMBER_CARD.id);
  const select = Uint8Array.of(
    0x00,
    0xa4,
    0x04,
    0x0c,
    0x0a,
    0xd3,
    0x92,
    0xf0,
    0x00,
    0x26,
    0x01,
    0x00,
    0x00,
    0x00,
    0x01,
  );
  const answers = [
    await reader.withCard((channel) => channel.transmit(select)),
    await reader.withCard((channel) => channel.transmit(select)),
  ];
  expect(answers.map((answer) => [...answer])).toEqual([
    [0x90, 0x00],
    [0x90, 0x00],
  ]);
  expect(reader.trace.some((line) => line.includes('PC_to_RDR_XfrBlock'))).toBe(true);
});

it('says that no card is there', async () => {
  const { reader } = await openCounter();
  await expect(reader.withCard(() => Promise.resolve())).rejects.toMatchObject({ code: 'card_absent' });
});

it('misses no reader while one is on its way', async () => {
  let arrive = () => {};
  const reader = new CardReader({
    loadDriver: () => import('webusb-ccid'),
    places: {},
    preferences: createMemoryPreferences(),
    now: () => new Date(),
  });
  expect(reader.isStarted).toBe(false);
  reader.expect(new Promise<void>((resolve) => (arrive = resolve)));
  await reader.start();
  expect(reader.isStarted).toBe(false);
  arrive();
  await Promise.resolve();
  expect(reader.isStarted).toBe(true);
});

it('has looked when no reader is plugged in, and when the driver did not come', async () => {
  const places = { usb: new SimulatedUsb() };
  const dependencies = { preferences: createMemoryPreferences(), now: () => new Date() };
  const without = new CardReader({ ...dependencies, loadDriver: () => import('webusb-ccid'), places });
  await without.start();
  expect([without.isStarted, without.chosen]).toEqual([true, undefined]);
  const broken = new CardReader({ ...dependencies, loadDriver: () => Promise.reject(new TypeError('gone')), places });
  await expect(broken.start()).rejects.toThrow(TypeError);
  expect(broken.isStarted).toBe(true);
});

it('says that there is no reader, or no way to have one', async () => {
  const withoutUsb = new CardReader({
    loadDriver: () => import('webusb-ccid'),
    places: {},
    preferences: createMemoryPreferences(),
    now: () => new Date(),
  });
  await withoutUsb.start();
  expect([withoutUsb.isStarted, withoutUsb.isSupported]).toEqual([true, false]);
  await expect(withoutUsb.withCard(() => Promise.resolve())).rejects.toMatchObject({ code: 'usb_unsupported' });
  await expect(withoutUsb.request()).rejects.toMatchObject({ code: 'usb_unsupported' });
});

it('takes the readers that the system drives, where the browser hands them to the app', async () => {
  const smartCard = new SimulatedSmartCards();
  smartCard.plugIn('Example CCID Reader 00 00');
  const reader = new CardReader({
    loadDriver: () => import('webusb-ccid'),
    places: { smartCard },
    preferences: createMemoryPreferences(),
    now: () => new Date(),
  });
  expect(reader.isSupported).toBe(true);
  await reader.start();
  await reader.request();
  const laid = nextCard(reader);
  smartCard.insert('Example CCID Reader 00 00', createSimulatedCard(MY_NUMBER_CARD));
  expect(await laid).toBe('present');
  expect(reader.chosen).toMatchObject({ name: 'Example CCID Reader 00 00', isSimulated: false });
  const select = Uint8Array.of(0x00, 0xa4, 0x00, 0x0c);
  expect((await reader.withCard((channel) => channel.transmit(select))).length).toBe(2);
});
