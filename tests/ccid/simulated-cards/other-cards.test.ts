import { readFileSync } from 'node:fs';
import { encodeHex, parseAtr, parseHex } from 'webusb-ccid';
import { describe, expect, it } from 'vitest';
import { vectorPath } from '../../vectors.ts';
import { createForeignCard, createHpkiCard, createMyNumberCard } from './test-cards.ts';

it('a foreign card has neither application, a free file, and PINs of its own', async () => {
  const card = createForeignCard();
  const run = async (hex: string): Promise<string> => encodeHex(await card.process(parseHex(hex))).slice(-4);
  const commands = [
    '00A4040C0A D392F000260100000001',
    '00A4040C10 E828BD080FA000000391000000000001',
    '00A4040C10 A0000002310100000000000000000000',
    '00A4020C02 2F01',
    '00B0000000',
    '00B0810000',
    '0020009104 31313131',
    '00B0810000',
  ];
  const answers: string[] = [];
  for (const command of commands) answers.push(await run(command));
  expect(answers).toEqual(['6A82', '6A82', '9000', '9000', '9000', '6982', '9000', '9000']);
});

describe('the ATR of a simulated card', () => {
  const cards = { 'My Number': createMyNumberCard(), HPKI: createHpkiCard(), foreign: createForeignCard() };

  it.each(Object.entries(cards))('%s is well formed', (_, { atr }) => {
    expect(() => parseAtr(atr)).not.toThrow();
  });

  const path = vectorPath('atr/atrs.txt');
  if (!path) console.warn('ATRs are not compared: the independent list does not lie beside the project');
  // The list knows My Number Cards by their contact ATRs only.
  it.skipIf(!path)('is one of a card that exists', () => {
    const known = readFileSync(path!, 'utf8').replaceAll(/[ \t]/g, '').toUpperCase();
    for (const { atr } of [cards.HPKI, cards.foreign]) expect(known).toContain(encodeHex(atr));
  });
});
