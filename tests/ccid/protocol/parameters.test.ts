import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAtr } from '../../../ccid/iso7816/atr.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { parseClassDescriptor } from '../../../ccid/protocol/class-descriptor.ts';
import { encodePps, parsePpsResponse, planParameters } from '../../../ccid/protocol/parameters.ts';
import { CardError } from '../../../ccid/errors.ts';
import { vectorPath } from '../../vectors.ts';

const SCR3310 = parseClassDescriptor(
  parseHex(`36 21 1001 00 07 03000000 A00F0000 E02E0000 00 002A0000 16400500 00 FE000000 00000000 00000000
    BA010100 0F010000 FF FF 0000 00 01`),
);
const MANUAL = { ...SCR3310, dwFeatures: 0x00010230 };
const atr = (hex: string) => parseAtr(parseHex(hex));

describe('planParameters', () => {
  it('takes the fixed parameters of a My Number Card in specific mode', () => {
    expect(planParameters(atr('3BF59100FF918171FE400042000100D1D6'), SCR3310)).toEqual({
      protocol: 1,
      pps: undefined,
      structure: parseHex('91 10 FF 40 00 FE 00'),
    });
  });

  it('asks an HPKI card for its speed where the reader does not', () => {
    const card = atr('3BF41300008131FE45004E0000A2');
    expect(planParameters(card, MANUAL)).toEqual({
      protocol: 1,
      // PPS1 = TA1: 43,010 bps at 4 MHz, four times the default.
      pps: parseHex('FF 11 13 FD'),
      structure: parseHex('13 10 00 45 00 FE 00'),
    });
    expect(planParameters(card, SCR3310).pps).toBeUndefined();
  });

  it('leaves the speed alone when the reader does not list it', () => {
    const card = atr('3BF41300008131FE45004E0000A2');
    expect(planParameters(card, MANUAL, [10_752, 21_505])).toMatchObject({
      pps: undefined,
      structure: parseHex('11 10 00 45 00 FE 00'),
    });
    expect(planParameters(card, MANUAL, [10_752, 43_011]).pps).toEqual(parseHex('FF 11 13 FD'));
  });

  it('goes down from TA1 = 97 to a speed that the reader has', () => {
    const bytes = parseHex('3B 90 97 00');
    const card = parseAtr(bytes.slice(0, 4), { isLenient: true });
    // 97: 500,000 bps, 96: 250,000 bps, both above what the reader can; 95: 125,000.
    expect(planParameters(card, { ...MANUAL, dwMaxDataRate: 200_000 }).pps).toEqual(encodePps(0, 0x95));
  });

  it('keeps the default structures', () => {
    expect(planParameters(atr('3B00'), SCR3310)).toEqual({
      protocol: 0,
      pps: undefined,
      structure: parseHex('11 00 00 0A 00'),
    });
    expect(planParameters(atr('3F00'), SCR3310).structure).toEqual(parseHex('11 02 00 0A 00'));
  });

  it('asks for a protocol that is not the first offered when the reader speaks only that', () => {
    const both = atr('3B888001000005E0B381A1007F');
    expect(planParameters(both, { ...MANUAL, dwProtocols: 2 }).pps).toEqual(parseHex('FF 01 FE'));
    expect(planParameters(both, MANUAL)).toMatchObject({ protocol: 0, pps: undefined });
  });

  it('sends nothing where the reader negotiates', () => {
    const automatic = { ...SCR3310, dwFeatures: SCR3310.dwFeatures | 0x40 };
    expect(planParameters(atr('3BF41300008131FE45004E0000A2'), automatic)).toEqual({
      protocol: 1,
      pps: undefined,
      structure: undefined,
    });
  });

  it('reads the protocols of MySmartPad, whose bytes are the wrong way round', () => {
    expect(planParameters(atr('3BE000FF8131FE4514'), { ...SCR3310, dwProtocols: 0x0300 }).protocol).toBe(1);
  });

  it('refuses what cannot work', () => {
    const refused = (...args: Parameters<typeof planParameters>): void =>
      expect(() => planParameters(...args)).toThrow(expect.objectContaining({ code: 'card_unsupported' }));
    refused(atr('3BE000FF8131FE4514'), { ...SCR3310, dwProtocols: 1 });
    // TA2 = 91: T=1 with implicit parameters.
    refused(parseAtr(parseHex('3B801191'), { isLenient: true }), SCR3310);
    refused(atr('3BF59100FF918171FE400042000100D1D6'), SCR3310, [10_752]);
  });
});

describe('parsePpsResponse', () => {
  const request = parseHex('FF 11 96 78');

  it('knows agreement, the default speed and refusal', () => {
    expect(parsePpsResponse(request, parseHex('FF119678'))).toBe('agreed');
    expect(parsePpsResponse(request, parseHex('FF01FE'))).toBe('default-speed');
    for (const hex of ['', 'FF', 'FF119578', 'FF00FF', 'FF1196'])
      expect(() => parsePpsResponse(request, parseHex(hex))).toThrow(
        expect.objectContaining({ code: 'protocol_error' }),
      );
  });
});

const [atrsPath, descriptorsPath] = [vectorPath('atr/atrs.txt'), vectorPath('ccid/descriptors.json')];
describe.skipIf(!atrsPath || !descriptorsPath)('every card at every kind of reader (skipped without the lists)', () => {
  it('ends in a plan or in card_unsupported', () => {
    const atrs = readFileSync(atrsPath!, 'utf8')
      .trim()
      .split('\n')
      .map((line) => atr(line));
    const rows = JSON.parse(readFileSync(descriptorsPath!, 'utf8')) as [string, number, string][];
    const readers = rows.filter((_, i) => i % 40 === 0).map(([, , hex]) => parseClassDescriptor(parseHex(hex)));
    let plans = 0;
    for (const card of atrs)
      for (const reader of readers) {
        try {
          const { protocol, pps, structure } = planParameters(card, reader);
          plans++;
          expect(structure === undefined || structure.length === (protocol === 0 ? 5 : 7)).toBe(true);
          expect(pps === undefined || pps.reduce((sum, byte) => sum ^ byte, 0) === 0).toBe(true);
        } catch (error) {
          if (!(error instanceof CardError) || error.code !== 'card_unsupported') throw error;
        }
      }
    expect(plans).toBeGreaterThan(10_000);
  });
});
