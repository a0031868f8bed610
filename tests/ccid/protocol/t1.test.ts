import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHex, parseHex } from '../../../ccid/iso7816/bytes.ts';
import { encodeBlock, parseBlock, type T1Block } from '../../../ccid/protocol/t1-block.ts';
import { T1 } from '../../../ccid/protocol/t1.ts';
import type { T1Received } from '../../../ccid/protocol/t1-conversation.ts';

const bit = fc.constantFrom<0 | 1>(0, 1);
const blocks: fc.Arbitrary<T1Block> = fc.oneof(
  fc.record({ kind: fc.constant('i' as const), ns: bit, more: fc.boolean(), inf: fc.uint8Array({ maxLength: 254 }) }),
  fc.record({ kind: fc.constant('r' as const), nr: bit, error: fc.constantFrom('none', 'edc', 'other') }),
  fc
    .record({
      kind: fc.constant('s' as const),
      type: fc.constantFrom('resync', 'ifs', 'abort', 'wtx'),
      isResponse: fc.boolean(),
      value: fc.nat(255),
    })
    .map(({ value, ...block }) => ({
      ...block,
      inf: block.type === 'ifs' || block.type === 'wtx' ? Uint8Array.of(value) : new Uint8Array(),
    })),
);

describe('T=1 blocks', () => {
  it.each([
    ['S(IFS request) of 254', { kind: 's', type: 'ifs', isResponse: false, inf: Uint8Array.of(0xfe) }, '00C101FE3E'],
    ['R(1), EDC error', { kind: 'r', nr: 1, error: 'edc' }, '00910091'],
    ['I(0,0)', { kind: 'i', ns: 0, more: false, inf: parseHex('00A4') }, '000002 00A4 A6'],
    ['I(1,1)', { kind: 'i', ns: 1, more: true, inf: parseHex('FF') }, '006001FF9E'],
    ['S(RESYNC request)', { kind: 's', type: 'resync', isResponse: false, inf: new Uint8Array() }, '00C000C0'],
  ] as const)('%s', (_, block, hex) => {
    expect(encodeBlock(block, 'lrc')).toEqual(parseHex(hex));
    expect(parseBlock(parseHex(hex), 'lrc')).toEqual(block);
  });

  it('come back as they went, with either code', () => {
    fc.assert(
      fc.property(blocks, fc.constantFrom('lrc', 'crc'), (block, edc) => {
        expect(parseBlock(encodeBlock(block, edc), edc)).toEqual(block);
      }),
    );
  });

  it('are refused when any bit is wrong', () => {
    const sent = encodeBlock({ kind: 'i', ns: 0, more: false, inf: parseHex('0102030405') }, 'crc');
    for (let i = 0; i < sent.length * 8; i++) {
      const bad = sent.slice();
      bad[i >> 3] = bad[i >> 3]! ^ (1 << (i & 7));
      expect(() => parseBlock(bad, 'crc')).toThrow(RangeError);
    }
  });

  it.each([
    ['nothing', ''],
    ['a prologue alone', '000000'],
    ['LEN FF', `0000FF${'00'.repeat(256)}`],
    ['another node', '12000012'],
    ['a reserved R', '00830083'],
    ['an R with data', '008001AA2B'],
    ['a reserved S', '00C400C4'],
    ['S(IFS) without a size', '00C100C1'],
    ['reserved I bits', '00010001'],
  ])('refuses %s', (_, hex) => expect(() => parseBlock(parseHex(hex), 'lrc')).toThrow(RangeError));
});

/** A card that plays a script of blocks without EDC; LRC is added on both sides. */
function play(script: readonly (readonly [sent: string, received: string])[]) {
  const steps = [...script];
  const bwis: number[] = [];
  const lrc = (hex: string): string => {
    const bytes = parseHex(hex);
    return encodeHex(bytes) + encodeHex(Uint8Array.of(bytes.reduce((sum, byte) => sum ^ byte, 0)));
  };
  const t1 = new T1(
    (block, bBWI): Promise<T1Received> => {
      bwis.push(bBWI);
      const [sent, received] = steps.shift() ?? ['nothing', ''];
      expect(encodeHex(block)).toBe(lrc(sent));
      if (received === 'mute' || received === 'parity-error') return Promise.resolve(received);
      return Promise.resolve(parseHex(lrc(received)));
    },
    { edc: 'lrc', ifsc: 4 },
  );
  return { t1, bwis, left: () => steps.length };
}

/** The scenarios of ISO 7816-3 annex A, host first. */
describe('T=1', () => {
  const [COMMAND, ANSWER] = [parseHex('00B00000'), parseHex('9000')];

  it('exchanges I-blocks with numbers that alternate', async () => {
    const { t1 } = play([
      ['000004 00B00000', '000002 9000'],
      ['004004 00B00000', '004002 9000'],
      ['000004 00B00000', '000002 9000'],
    ]);
    for (let i = 0; i < 3; i++) expect(await t1.transmit(COMMAND)).toEqual(ANSWER);
  });

  it('gives the card more time and tells the reader how much', async () => {
    const { t1, bwis } = play([
      ['000004 00B00000', '00C301 05'],
      ['00E301 05', '00C301 02'],
      ['00E301 02', '000002 9000'],
    ]);
    expect(await t1.transmit(COMMAND)).toEqual(ANSWER);
    expect(bwis).toEqual([0, 5, 2]);
  });

  it('lets the card change the size of its blocks in the middle of a chain', async () => {
    const { t1 } = play([
      ['002004 01020304', '00C101 02'],
      ['00E101 02', '009000'],
      ['006002 0506', '008000'],
      ['000001 07', '000002 9000'],
    ]);
    expect(await t1.transmit(parseHex('01020304050607'))).toEqual(ANSWER);
  });

  it('chains both ways', async () => {
    const { t1 } = play([
      ['002004 01020304', '009000'],
      ['004001 05', '002002 AABB'],
      ['009000', '004003 CC9000'],
    ]);
    expect(await t1.transmit(parseHex('0102030405'))).toEqual(parseHex('AABBCC9000'));
  });

  it('sends again what the card asks for again', async () => {
    const { t1 } = play([
      ['000004 00B00000', '008100'],
      ['000004 00B00000', '000002 9000'],
    ]);
    expect(await t1.transmit(COMMAND)).toEqual(ANSWER);
  });

  it('asks for what it did not understand or get', async () => {
    const { t1 } = play([
      ['000004 00B00000', 'parity-error'],
      ['008100', 'mute'],
      ['008200', '000002 9000'],
    ]);
    expect(await t1.transmit(COMMAND)).toEqual(ANSWER);
  });

  it('gives up on a card that aborts, and synchronises before the next command', async () => {
    const { t1 } = play([
      ['002004 01020304', '00C200'],
      ['00E200', '009000'],
      ['00C000', '00E000'],
      ['000004 00B00000', '000002 9000'],
    ]);
    await expect(t1.transmit(parseHex('0102030405'))).rejects.toMatchObject({ code: 'protocol_error' });
    expect(await t1.transmit(COMMAND)).toEqual(ANSWER);
  });

  it('starts a command over after RESYNC only while the card cannot have begun with it', async () => {
    const { t1, left } = play([
      ['002004 01020304', 'mute'],
      ['008200', 'mute'],
      ['008200', 'mute'],
      ['008200', 'mute'],
      ['00C000', '00E000'],
      ['002004 01020304', '009000'],
      ['004001 05', '000002 9000'],
    ]);
    expect(await t1.transmit(parseHex('0102030405'))).toEqual(ANSWER);
    expect(left()).toBe(0);
    const whole = play([
      ['000004 00B00000', 'mute'],
      ['008200', 'mute'],
      ['008200', 'mute'],
      ['008200', 'mute'],
    ]);
    await expect(whole.t1.transmit(COMMAND)).rejects.toMatchObject({ code: 'card_mute' });
    expect(whole.left()).toBe(0);
  });

  it('announces its block size, and bears a card that does not understand', async () => {
    const good = play([['00C101 FE', '00E101 FE']]);
    await good.t1.announceIfsd(254);
    const bad = play(Array.from({ length: 4 }, () => ['00C101 FE', '008200'] as const));
    await bad.t1.announceIfsd(254);
    expect(bad.left()).toBe(0);
  });
});
