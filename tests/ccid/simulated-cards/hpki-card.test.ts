import { publicEncrypt, constants, X509Certificate } from 'node:crypto';
import { encodeHex, parseHex } from 'webusb-ccid';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHpkiCard, fromBase64, hpkiPersonalisation } from './test-cards.ts';

const SELECT_SIGN = '00A4040010 E828BD080FA000000391000000000001 00';
const SELECT_AUTHENTICATION = '00A4040010 E828BD080FA000000391000000000002 00';
const PIN = '0020009608 7365637265743132';
const BLOCK = `0001${'FF'.repeat(253)}00`;

let card = createHpkiCard();
beforeEach(() => {
  card = createHpkiCard();
});

async function send(hex: string): Promise<string> {
  return encodeHex(await card.process(parseHex(hex)));
}

async function run(...commands: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const command of commands) answers.push((await send(command)).slice(-4));
  return answers;
}

describe('SELECT', () => {
  it('answers the FCI with the name', async () => {
    expect(await send(SELECT_SIGN)).toBe('6F128410E828BD080FA0000003910000000000019000');
  });

  it('finds the next application of the family by its prefix', async () => {
    expect((await send('00A4040005 E828BD080F 00')).slice(-6, -4)).toBe('01');
    expect((await send('00A4040205 E828BD080F 00')).slice(-6, -4)).toBe('02');
    expect(await run('00A4040205 E828BD080F 00', SELECT_AUTHENTICATION)).toEqual(['6A82', '9000']);
  });

  it('has nothing selected after power-on', async () => {
    expect(await run('00B0910000', '00200096')).toEqual(['6A82', '6A82']);
  });
});

describe('the objects of the guideline', () => {
  it.each([
    ['OD', '00B0910000', 'A00530030401A0 A40530030401A8 A8053003040198'],
    ['CIAInfo', '00B0920000', '300D 020101 8004 48504B49 03020520'],
    [
      'AOD',
      '00B0930000',
      '3028 3009 0C0350494E 03020640 3003 040101 A116 3014 03020318 0A0101 020104 020110 020110 80020096',
    ],
  ])('%s', async (_, command, bytes) => {
    await run(SELECT_SIGN);
    expect(await send(command)).toBe(`${encodeHex(parseHex(bytes))}9000`);
  });

  it('reads a certificate in one go with extended length', async () => {
    await run(SELECT_SIGN);
    const certificate = encodeHex(fromBase64(hpkiPersonalisation.signCertificate));
    expect(await send('00B09800000000')).toBe(`${certificate}9000`);
  });
});

describe('a signature', () => {
  const environment = '002241B604 81020017';

  it('is the bare operation on the block', async () => {
    await run(SELECT_SIGN, PIN, environment);
    const answer = await send(`002A9E9A000100${BLOCK}0000`);
    const key = new X509Certificate(fromBase64(hpkiPersonalisation.signCertificate)).publicKey;
    const signature = Buffer.from(answer.slice(0, -4), 'hex');
    const block = publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
    expect(encodeHex(block)).toBe(BLOCK);
  });

  it('takes its block in chained parts', async () => {
    await run(SELECT_SIGN, PIN, environment);
    const [first, last] = [BLOCK.slice(0, 400), BLOCK.slice(400)];
    expect(await run(`102A9E9AC8${first}`, `002A9E9A38${last}00`)).toEqual(['9000', '9000']);
  });

  it('refuses a chain that is broken by another command', async () => {
    await run(SELECT_SIGN, PIN, environment);
    expect(await run(`102A9E9A02 0001`, '0084000008', '0084000008')).toEqual(['9000', '6883', '9000']);
  });

  it('wants PIN, environment, a whole block below the modulus, and an answer', async () => {
    const sign = `002A9E9A000100${BLOCK}0000`;
    expect(await run(SELECT_SIGN, sign, environment, sign)).toEqual(['9000', '6985', '9000', '6982']);
    await run(PIN);
    expect(await run('002A9E9A02 0001 00', `002A9E9A000100${'FF'.repeat(256)}0000`)).toEqual(['6700', '6A80']);
    expect(await run('002241B604 81020018', '002241B604 82020017', '002241A604 81020017')).toEqual([
      '6A88',
      '6A80',
      '6A86',
    ]);
  });
});

it('blocks after five wrong PINs and stays blocked in a saved state', async () => {
  const wrong = '0020009604 30303030';
  expect(await run(SELECT_SIGN, wrong, wrong, wrong, wrong, wrong, PIN)).toEqual([
    '9000',
    '63C4',
    '63C3',
    '63C2',
    '63C1',
    '63C0',
    '6983',
  ]);
  card = createSimulatedCard(hpkiPersonalisation, card.saveState());
  expect(await run(SELECT_SIGN, '00200096', PIN)).toEqual(['9000', '63C0', '6983']);
});

it('answers in the layout of the Japan Medical Association', async () => {
  card = createHpkiCard({ layout: 'jma' });
  expect(await run(SELECT_SIGN, '00B0910000', '00A4020C02 0016', '00B0000004', '0020008808 7365637265743132')).toEqual([
    '9000',
    '6A82',
    '9000',
    '9000',
    '9000',
  ]);
  expect(await run('002241B604 8402000C', `002A9E9A000100${BLOCK}0000`)).toEqual(['9000', '9000']);
});
