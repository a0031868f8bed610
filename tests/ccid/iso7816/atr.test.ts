import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAtr } from '../../../ccid/iso7816/atr.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { parseCardCapabilities } from '../../../ccid/iso7816/historical-bytes.ts';
import { transmissionFactors } from '../../../ccid/iso7816/transmission-factors.ts';
import { vectorPath } from '../../vectors.ts';

describe('parseAtr', () => {
  it('reads the contact side of a My Number Card: T=1, specific mode, 254-byte blocks, LRC', () => {
    const atr = parseAtr(parseHex('3BF59100FF918171FE400042000100D1D6'));
    expect(atr).toMatchObject({
      convention: 'direct',
      protocols: [1],
      fiDi: 0x91,
      extraGuardTime: 255,
      specificMode: { protocol: 1, canChange: false, isImplicit: false },
      t1: { ifsc: 254, cwi: 0, bwi: 4, edc: 'lrc' },
      tck: 0xd6,
    });
    expect(atr.historicalBytes).toEqual(parseHex('42000100D1'));
  });

  it('reads its contactless side, which speaks of T=0 and T=1', () => {
    const atr = parseAtr(parseHex('3B888001000005E0B381A1007F'));
    expect(atr.protocols).toEqual([0, 1]);
    expect(atr.historicalBytes).toHaveLength(8);
  });

  it('reads an HPKI card and a 住基カード', () => {
    expect(parseAtr(parseHex('3BF41300008131FE45004E0000A2'))).toMatchObject({ protocols: [1], fiDi: 0x13 });
    expect(parseAtr(parseHex('3BE000FF8131FE4514'))).toMatchObject({ protocols: [1], t1: { bwi: 4, cwi: 5 } });
  });

  it('fills in the defaults of the shortest ATR', () => {
    expect(parseAtr(parseHex('3F00'))).toMatchObject({
      convention: 'inverse',
      protocols: [0],
      fiDi: 0x11,
      extraGuardTime: 0,
      waitingTimeInteger: 10,
      specificMode: undefined,
      t1: { ifsc: 32, cwi: 13, bwi: 4, edc: 'lrc' },
      voltageClasses: 1,
      clockStop: 'none',
      tck: undefined,
    });
  });

  it('reads T=15 apart from the protocols', () => {
    // TD1 = 80 (T=0), TD2 = 1F (T=15), TA3 = C7: classes A, B, C, clock stop either way.
    const bytes = parseHex('3B80 80 1F C7');
    const tck = bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0);
    expect(parseAtr(Uint8Array.of(...bytes, tck))).toMatchObject({
      protocols: [0],
      voltageClasses: 7,
      clockStop: 'either',
    });
  });

  it.each([
    ['nothing', ''],
    ['TS alone', '3B'],
    ['another TS', '3A00'],
    ['truncated interface bytes', '3BF011'],
    ['truncated historical bytes', '3B0201'],
    ['no TCK', '3B8001'],
    ['a wrong TCK', '3B800180'],
    ['trailing bytes', '3B0000'],
  ])('refuses %s', (_, hex) => expect(() => parseAtr(parseHex(hex))).toThrow(RangeError));

  it('bears a wrong, missing or too late end when asked to', () => {
    for (const hex of ['3B8001', '3B800180', '3B0000'])
      expect(parseAtr(parseHex(hex), { isLenient: true }).convention).toBe('direct');
    expect(() => parseAtr(parseHex('3B0201'), { isLenient: true })).toThrow(RangeError);
  });

  it('knows the factors of the standard and what is reserved', () => {
    expect(transmissionFactors(0x11)).toEqual({ f: 372, d: 1, maximumClockKhz: 5000 });
    expect(transmissionFactors(0x96)).toEqual({ f: 512, d: 32, maximumClockKhz: 5000 });
    expect(transmissionFactors(0x18)).toMatchObject({ d: 12 });
    for (const reserved of [0x71, 0xe1, 0x10, 0x1a]) expect(transmissionFactors(reserved)).toBeUndefined();
  });
});

const atrsPath = vectorPath('atr/atrs.txt');
describe.skipIf(!atrsPath)('the ATRs of cards in the field (skipped where the list is not beside the project)', () => {
  it('parses every one, and each means what a second reading says', () => {
    const lines = readFileSync(atrsPath!, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(3000);
    for (const line of lines) {
      const bytes = parseHex(line);
      const atr = parseAtr(bytes);
      expect(secondReading(bytes), line).toEqual({
        convention: atr.convention,
        protocols: atr.protocols,
        fiDi: atr.fiDi,
        ifsc: atr.t1.ifsc,
        edc: atr.t1.edc,
        historical: atr.historicalBytes,
        tck: atr.tck,
      });
    }
  });
});

/** The same questions answered by walking the bytes in another way. */
function secondReading(bytes: Uint8Array) {
  const groups: { t: number; values: Map<string, number> }[] = [{ t: -1, values: new Map() }];
  let pending = bytes[1]! >> 4;
  let at = 2;
  const protocols: number[] = [];
  let needsTck = false;
  while (pending) {
    const group = groups.at(-1)!;
    for (const [bit, letter] of [
      [1, 'A'],
      [2, 'B'],
      [4, 'C'],
    ] as const)
      if (pending & bit) group.values.set(letter, bytes[at++]!);
    if (!(pending & 8)) break;
    const td = bytes[at++]!;
    const t = td % 16;
    if (t !== 0) needsTck = true;
    if (t !== 15 && !protocols.includes(t)) protocols.push(t);
    groups.push({ t, values: new Map() });
    pending = td >> 4;
  }
  const k = bytes[1]! % 16;
  const forT1 = groups.slice(2).filter(({ t }) => t === 1);
  const first = (letter: string) => forT1.map(({ values }) => values.get(letter)).find((value) => value !== undefined);
  const ifsc = first('A') ?? 32;
  return {
    convention: bytes[0] === 0x3f ? 'inverse' : 'direct',
    protocols: protocols.length ? protocols : [0],
    fiDi: groups[0]!.values.get('A') ?? 0x11,
    ifsc: ifsc === 0 || ifsc === 255 ? 32 : ifsc,
    edc: (first('C') ?? 0) % 2 ? 'crc' : 'lrc',
    historical: bytes.slice(at, at + k),
    tck: needsTck ? bytes[at + k] : undefined,
  };
}

describe('parseCardCapabilities', () => {
  it('finds command chaining and extended length in the third software function byte', () => {
    expect(parseCardCapabilities(parseHex('80 73 000 0C0'.replaceAll(' ', '')))).toEqual({
      commandChaining: true,
      extendedLength: true,
    });
    expect(parseCardCapabilities(parseHex('00 31 C5 73 000040 009000'))).toEqual({
      commandChaining: false,
      extendedLength: true,
    });
  });

  it.each(['', '4200010 0D1'.replace(' ', ''), '80', '8073', '807300C0', '00739000'])('says nothing for %s', (hex) => {
    expect(parseCardCapabilities(parseHex(hex))).toEqual({ commandChaining: false, extendedLength: false });
  });
});
