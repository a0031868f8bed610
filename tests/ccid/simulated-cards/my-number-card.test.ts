import { createPublicKey, publicEncrypt, verify, constants, X509Certificate } from 'node:crypto';
import { encodeHex, parseHex } from 'webusb-ccid';
import { createSimulatedCard } from 'webusb-ccid/simulated';
import { beforeEach, describe, expect, it } from 'vitest';
import { ascii, createMyNumberCard, fromBase64, myNumberPersonalisation } from './test-cards.ts';

const SELECT_JPKI = '00A4040C0A D392F000260100000001';
const SELECT_TEXT = '00A4040C0A D3921000310001010408';
const SELECT_SURFACE = '00A4040C0A D3921000310001010402';
const DIGEST_INFO_PREFIX = '3031300D060960864801650304020105000420';

let card = createMyNumberCard();
beforeEach(() => {
  card = createMyNumberCard();
});

async function send(hex: string): Promise<string> {
  return encodeHex(await card.process(parseHex(hex)));
}

/** The status words of commands sent one after the other. */
async function run(...commands: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const command of commands) answers.push((await send(command)).slice(-4));
  return answers;
}

describe('SELECT', () => {
  it('finds applications by name and by a prefix of it', async () => {
    expect(await run(SELECT_JPKI, '00A4040C05 D392F00026')).toEqual(['9000', '9000']);
  });

  it('answers the FCI when asked to', async () => {
    expect(await send('00A404000A D392F000260100000001 00')).toBe('6F0C840AD392F0002601000000019000');
  });

  it('refuses other names and keeps the selection', async () => {
    expect(await run(SELECT_JPKI, '00A4040C07 A0000002471001', '00A4020C02 000A')).toEqual(['9000', '6A82', '9000']);
  });

  it('has a master file that cannot be selected after power-on and does nothing later', async () => {
    expect(await run('00A40000', SELECT_JPKI, '00A40000', '00A4020C02 000A')).toEqual(['6A86', '9000', '9000', '9000']);
  });

  it('refuses files that are not there', async () => {
    expect(await run(SELECT_JPKI, '00A4020C02 0003', '00A4020C02 2F00')).toEqual(['9000', '6A82', '6A82']);
  });
});

describe('READ BINARY', () => {
  it('reads the authentication certificate without PIN', async () => {
    await run(SELECT_JPKI, '00A4020C02 000A');
    const first = await send('00B0000000');
    expect(first.slice(0, 512)).toBe(encodeHex(fromBase64(myNumberPersonalisation.authCertificate).slice(0, 256)));
    expect(first.slice(-4)).toBe('9000');
  });

  it('reads by short identifier and leaves the file selected', async () => {
    await run(SELECT_JPKI);
    const certificate = encodeHex(fromBase64(myNumberPersonalisation.authCertificate));
    expect(await send('00B08A0004')).toBe(`${certificate.slice(0, 8)}9000`);
    expect(await send('00B0000404')).toBe(`${certificate.slice(8, 16)}9000`);
  });

  it('warns at the end of the file and refuses to read past it', async () => {
    expect(await run(SELECT_JPKI, '00A4020C02 0009')).toEqual(['9000', '9000']);
    expect(await send('00B0000020')).toBe(`${'FF'.repeat(16)}6282`);
    expect(await send('00B0000000')).toBe(`${'FF'.repeat(16)}9000`);
    expect(await send('00B0001001')).toBe('6B00');
  });

  it('keeps the signature certificate behind its password', async () => {
    const read = '00B0810004';
    expect(await run(SELECT_JPKI, read, '0020009B06 414243313233', read)).toEqual(['9000', '6982', '9000', '9000']);
    expect(await run(SELECT_JPKI, '0020009804 31323334', read)).toEqual(['9000', '9000', '6982']);
  });

  it('wants a selected file', async () => {
    expect(await run(SELECT_JPKI, '00B0000000')).toEqual(['9000', '6986']);
  });

  it('shows the token type and which certificates there are', async () => {
    await run(SELECT_JPKI);
    expect(Buffer.from((await send('00B0860020')).slice(0, -4), 'hex').toString()).toBe(
      'JPKIAPICCTOKEN2                 ',
    );
    expect(await send('00B0880003')).toBe('8F8F009000');
  });

  it('shows no keys, and has no extended length', async () => {
    expect(await run(SELECT_JPKI, '00A4020C02 0017', '00B0000000', '00B08A00000000')).toEqual([
      '9000',
      '9000',
      '6981',
      '6700',
    ]);
  });
});

describe('VERIFY', () => {
  it('counts down, blocks and says so', async () => {
    const wrong = '0020009804 39393939';
    expect(await run(SELECT_JPKI, '00200098', wrong, wrong, '00200098', wrong, wrong, '00200098')).toEqual([
      '9000',
      '63C3',
      '63C2',
      '63C1',
      '63C1',
      '63C0',
      '6984',
      '63C0',
    ]);
    expect(await run('0020009804 31323334')).toEqual(['6984']);
  });

  it('restores the counter when the PIN is right', async () => {
    expect(await run(SELECT_JPKI, '0020009804 39393939', '0020009804 31323334', '00200098')).toEqual([
      '9000',
      '63C2',
      '9000',
      '63C3',
    ]);
  });

  it('answers the counter even after success: other software depends on it', async () => {
    expect(await run(SELECT_JPKI, '00A4020C02 0018', '0020008004 31323334', '00200080')).toEqual([
      '9000',
      '9000',
      '9000',
      '63C3',
    ]);
  });

  it('forgets at reselection and at reset', async () => {
    const login = [SELECT_JPKI, '0020009804 31323334'];
    const sign = `802A009733 ${DIGEST_INFO_PREFIX}${'11'.repeat(32)} 00`;
    expect((await run(...login, sign)).at(-1)).toBe('9000');
    expect((await run(...login, SELECT_JPKI, sign)).at(-1)).toBe('6982');
    await run(...login);
    card.reset();
    expect(await run(SELECT_JPKI, sign)).toEqual(['9000', '6982']);
  });

  it('takes the status away again when a later PIN is wrong', async () => {
    const sign = `802A009733 ${DIGEST_INFO_PREFIX}${'11'.repeat(32)} 00`;
    expect(await run(SELECT_JPKI, '0020009804 31323334', '0020009804 30303030', sign)).toEqual([
      '9000',
      '9000',
      '63C2',
      '6982',
    ]);
  });

  it('knows one reference that was issued blocked', async () => {
    expect(await run(SELECT_TEXT, '00A4020C02 0012', '00200080', '0020008004 31323334')).toEqual([
      '9000',
      '9000',
      '63C0',
      '6984',
    ]);
  });

  it('stays blocked in a saved state', async () => {
    const wrong = '0020009804 39393939';
    await run(SELECT_JPKI, wrong, wrong, wrong);
    const state = JSON.parse(JSON.stringify(card.saveState())) as ReturnType<typeof card.saveState>;
    card = createSimulatedCard(myNumberPersonalisation, state);
    expect(await run(SELECT_JPKI, '00200098', '0020009804 31323334')).toEqual(['9000', '63C0', '6984']);
  });
});

describe('CHANGE REFERENCE DATA', () => {
  it('wants the old PIN first and four digits', async () => {
    expect(await run(SELECT_JPKI, '00A4020C02 0018', '0024018004 35363738')).toEqual(['9000', '9000', '6982']);
    expect(await run('0020008004 31323334', '0024018003 353637', '0024018004 35363738')).toEqual([
      '9000',
      '6A80',
      '9000',
    ]);
    expect(await run(SELECT_JPKI, '0020009804 31323334', '0020009804 35363738')).toEqual(['9000', '63C2', '9000']);
  });
});

describe('COMPUTE DIGITAL SIGNATURE', () => {
  const message = ascii('a message');
  const authKey = () => new X509Certificate(fromBase64(myNumberPersonalisation.authCertificate)).publicKey;

  async function sha256(bytes: Uint8Array): Promise<string> {
    return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))));
  }

  async function sign(p1: string, data: string): Promise<Buffer> {
    await run(SELECT_JPKI, '0020009804 31323334');
    const length = (data.length / 2).toString(16).padStart(2, '0');
    const answer = await send(`802A${p1}97${length}${data}00`);
    expect(answer.slice(-4)).toBe('9000');
    return Buffer.from(answer.slice(0, -4), 'hex');
  }

  it.each([
    ['00', async () => DIGEST_INFO_PREFIX + (await sha256(message))],
    ['02', () => sha256(message)],
    ['03', () => Promise.resolve(encodeHex(message))],
  ])('P1 %s makes a PKCS#1 signature with SHA-256', async (p1, data) => {
    expect(verify('sha256', message, authKey(), await sign(p1, await data()))).toBe(true);
  });

  it('P1 01 signs the bare hash', async () => {
    const signature = await sign('01', encodeHex(message));
    const { publicDecrypt } = await import('node:crypto');
    expect(encodeHex(publicDecrypt(authKey(), signature))).toBe(await sha256(message));
  });

  it.each([
    ['04', () => sha256(message)],
    ['05', () => Promise.resolve(encodeHex(message))],
  ])('P1 %s makes a PSS signature', async (p1, data) => {
    const key = { key: authKey(), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', message, key, await sign(p1, await data()))).toBe(true);
  });

  it('signs whatever 245 bytes it is handed, and no more', async () => {
    const signature = await sign('00', '5A'.repeat(245));
    const block = publicEncrypt({ key: authKey(), padding: constants.RSA_NO_PADDING }, signature);
    expect(encodeHex(block)).toBe(`0001${'FF'.repeat(8)}00${'5A'.repeat(245)}`);
    expect(await run(`802A0097F6 ${'5A'.repeat(246)} 00`)).toEqual(['6985']);
  });

  it('refuses other P1, other lengths and a missing Le', async () => {
    await run(SELECT_JPKI, '0020009804 31323334');
    expect(await run('802A069701 00 00', '802A029703 010203 00', '802A009701 00')).toEqual(['6A86', '6985', '6700']);
  });

  it('has no default key in the JPKI application, and one without PIN in the others', async () => {
    const sign = `802A000033 ${DIGEST_INFO_PREFIX}${await sha256(message)} 00`;
    expect(await run(SELECT_JPKI, sign)).toEqual(['9000', '6A86']);
    for (const [select, key] of [
      [SELECT_TEXT, myNumberPersonalisation.textKey],
      [SELECT_SURFACE, myNumberPersonalisation.surface!.key],
    ] as const) {
      await run(select);
      const signature = Buffer.from((await send(sign)).slice(0, -4), 'hex');
      const publicKey = createPublicKey({ key: { kty: 'RSA', n: key.n, e: key.e }, format: 'jwk' });
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
    }
  });
});

describe('the text application', () => {
  const read = (id: string): string[] => [`00A4020C02 ${id}`, '00B0000000'];

  it.each([
    ['PIN', '0011', '35363738', { '0001': '9000', '0002': '9000', '0003': '9000', '0007': '9000' }],
    [
      'number A',
      '0014',
      '313233343536373839303130',
      { '0001': '9000', '0002': '6982', '0003': '9000', '0007': '9000' },
    ],
    [
      'number B',
      '0015',
      '3535303231373230333532323835',
      { '0001': '6982', '0002': '9000', '0003': '9000', '0007': '9000' },
    ],
  ])('opens what the %s opens', async (_, id, value, expected) => {
    const length = (value.length / 2).toString(16).padStart(2, '0');
    expect((await run(SELECT_TEXT, `00A4020C02 ${id}`, `00200080${length}${value}`)).at(-1)).toBe('9000');
    for (const [file, status] of Object.entries(expected)) expect((await run(...read(file)))[1]).toBe(status);
  });

  it('opens nothing but the certificate to nobody', async () => {
    await run(SELECT_TEXT);
    for (const file of ['0001', '0002', '0003', '0007']) expect((await run(...read(file)))[1]).toBe('6982');
    expect((await run(...read('0004')))[1]).toBe('9000');
  });
});

describe('the surface application', () => {
  it('opens the age record by the birth date in the era year', async () => {
    // 17 February 1980 is in Showa 55.
    const open = '0020009106 353530323137';
    expect(await run(SELECT_SURFACE, '00B0810000', open, '00B0810000')).toEqual(['9000', '6982', '9000', '9000']);
  });
});

describe('the common application', () => {
  it('shows its record to everybody: 15 digits of serial number, 5 of municipality, date of expiry', async () => {
    await run('00A4040C0A D3921000310001010100');
    const text = Buffer.from('0000000000000011322120350217').toString('hex').toUpperCase();
    expect(await send('00B2010C00')).toBe(`011C${text}9000`);
    expect(await run('00B2020C00', '00B2011400', '00B2010000', '00B0810000')).toEqual(['6A83', '6A82', '6A86', '6981']);
  });
});

describe('other commands', () => {
  it('answers GET CHALLENGE in every application', async () => {
    expect(await send('0084000008')).toBe('00010203040506079000');
    await run(SELECT_JPKI);
    expect(await send('0084000004')).toBe('000102039000');
  });

  it('refuses secure messaging, channels, classes, instructions and nonsense', async () => {
    await run(SELECT_JPKI);
    expect(await run('08B0000000', '01B0000000', 'FFCA000000', '00CA000000', '00A4', '0020009805313233')).toEqual([
      '69FC',
      '6881',
      '6E00',
      '6D00',
      '6700',
      '6700',
    ]);
  });

  it('refuses what real cards know and nobody here uses', async () => {
    await run(SELECT_JPKI);
    expect(await run('80AE0000', '80A20000', '80A280000101', '80FC0000')).toEqual(['6982', '6A86', '6A86', '6700']);
  });

  it('carries out one command at a time, in order', async () => {
    const answers = await Promise.all([send(SELECT_JPKI), send('00A4020C02 000A'), send('00B0000001')]);
    expect(answers).toEqual(['9000', '9000', '309000']);
  });
});

describe('a phone', () => {
  it('has the JPKI application alone and keeps its certificate behind the PIN', async () => {
    card = createMyNumberCard({ device: 'android' });
    expect(await run(SELECT_JPKI, '00B08A0000', '0020009804 31323334', '00B08A0000', SELECT_TEXT)).toEqual([
      '9000',
      '6982',
      '9000',
      '9000',
      '6A82',
    ]);
  });
});
