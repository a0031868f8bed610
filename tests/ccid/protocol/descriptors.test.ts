import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { exchangeLevel, parseClassDescriptor } from '../../../ccid/protocol/class-descriptor.ts';
import { powerSelections } from '../../../ccid/protocol/voltage.ts';
import { parseCcidInterfaces } from '../../../ccid/readers/ccid-interface.ts';
import { vectorPath } from '../../vectors.ts';

/** CCID §5.1, written by hand: TPDU reader with three voltages, T=0 and T=1, 271-byte messages. */
const CLASS_DESCRIPTOR = `36 21 1001 00 07 03000000 A00F0000 E02E0000 00 002A0000 16400500 00 FE000000 00000000 00000000
  BA010100 0F010000 FF FF 0000 00 01`;
const ENDPOINTS = '07 05 01 02 4000 00  07 05 82 02 4000 00  07 05 83 03 0800 10';

function configuration(...blocks: string[]): Uint8Array {
  const body = parseHex(blocks.join(' '));
  const total = body.length + 9;
  return Uint8Array.from([9, 2, total & 0xff, total >> 8, 1, 1, 0, 0x80, 50, ...body]);
}

describe('parseClassDescriptor', () => {
  it('reads every field', () => {
    const descriptor = parseClassDescriptor(parseHex(CLASS_DESCRIPTOR));
    expect(descriptor).toEqual({
      bcdCCID: 0x0110,
      bMaxSlotIndex: 0,
      bVoltageSupport: 7,
      dwProtocols: 3,
      dwDefaultClock: 4000,
      dwMaximumClock: 12_000,
      bNumClockSupported: 0,
      dwDataRate: 10_752,
      dwMaxDataRate: 344_086,
      bNumDataRatesSupported: 0,
      dwMaxIFSD: 254,
      dwSynchProtocols: 0,
      dwMechanical: 0,
      dwFeatures: 0x000101ba,
      dwMaxCCIDMessageLength: 271,
      bClassGetResponse: 0xff,
      bClassEnvelope: 0xff,
      wLcdLayout: 0,
      bPINSupport: 0,
      bMaxCCIDBusySlots: 1,
    });
    expect(exchangeLevel(descriptor)).toBe('tpdu');
  });

  it.each([
    ['53 bytes', CLASS_DESCRIPTOR.slice(0, -3)],
    ['another bLength', CLASS_DESCRIPTOR.replace('36', '35')],
    ['another type', CLASS_DESCRIPTOR.replace('21', '22')],
  ])('refuses %s', (_, hex) => expect(() => parseClassDescriptor(parseHex(hex))).toThrow(RangeError));

  it.each([
    [0x00000030, 'character'],
    [0x00010230, 'tpdu'],
    [0x000207b2, 'short-apdu'],
    [0x000406ba, 'extended-apdu'],
    [0x00070000, 'extended-apdu'],
  ])('%i is %s', (dwFeatures, level) => expect(exchangeLevel({ dwFeatures })).toBe(level));
});

describe('parseCcidInterfaces', () => {
  const ADDRESS = {
    configurationValue: 1,
    interfaceNumber: 0,
    alternateSetting: 0,
    bulkOut: { endpointNumber: 1, packetSize: 64 },
    bulkIn: { endpointNumber: 2, packetSize: 64 },
    interruptIn: { endpointNumber: 3, packetSize: 8 },
  };

  it('finds the vendor-class interface of a reader', () => {
    const [found, ...others] = parseCcidInterfaces(
      configuration('09 04 00 00 03 FF 00 00 00', CLASS_DESCRIPTOR, ENDPOINTS),
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({ interfaceClass: 0xff, address: ADDRESS, descriptor: { dwMaxIFSD: 254 } });
  });

  it('finds the descriptor behind the last endpoint', () => {
    const [found] = parseCcidInterfaces(configuration('09 04 00 00 03 0B 00 00 00', ENDPOINTS, CLASS_DESCRIPTOR));
    expect(found).toMatchObject({ interfaceClass: 0x0b, address: ADDRESS });
  });

  it('takes descriptor type FF from old vendor-class readers', () => {
    const old = CLASS_DESCRIPTOR.replace('36 21', '36 FF');
    expect(parseCcidInterfaces(configuration('09 04 00 00 03 FF 00 00 00', old, ENDPOINTS))).toHaveLength(1);
  });

  it('finds several interfaces and passes by what is no reader', () => {
    const found = parseCcidInterfaces(
      configuration(
        '09 04 00 00 00 03 01 01 00 09 21 1101 00 01 22 3F00',
        '09 04 01 00 03 FF 00 00 00',
        CLASS_DESCRIPTOR,
        ENDPOINTS,
        '09 04 02 00 02 FF 00 00 00 07 05 04 02 4000 00 07 05 84 02 4000 00',
        '09 04 03 00 02 0B 00 00 00 07 05 05 02 4000 00 07 05 85 02 4000 00',
        CLASS_DESCRIPTOR,
      ),
    );
    expect(found.map(({ address }) => address.interfaceNumber)).toEqual([1, 3]);
    expect(found[1]?.address.interruptIn).toBeUndefined();
  });

  it('passes by ICCD tokens, which have no bulk endpoints', () => {
    expect(parseCcidInterfaces(configuration('09 04 00 00 00 0B 00 01 00', CLASS_DESCRIPTOR))).toEqual([]);
    expect(parseCcidInterfaces(configuration('09 04 00 00 00 0B 00 02 00', CLASS_DESCRIPTOR))).toEqual([]);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a device descriptor', parseHex('12 01 0002 00 00 00 40 E604 1A51 0000 01 02 03 01')],
    ['a descriptor of length 0', configuration('00 04 00')],
    ['a descriptor past the end', configuration('36 21 1001')],
  ])('refuses %s', (_, bytes) => expect(() => parseCcidInterfaces(bytes)).toThrow(RangeError));
});

describe('powerSelections', () => {
  it.each([
    ['automatic voltage', 0x08, 7, [0]],
    ['automatic activation', 0x04, 7, [0]],
    ['all three', 0, 7, [3, 2, 1]],
    ['5 V and 3 V', 0, 3, [2, 1]],
    ['5 V', 0, 1, [1]],
    ['none named', 0, 0, [0]],
  ])('%s', (_, dwFeatures, bVoltageSupport, order) => {
    expect(powerSelections({ dwFeatures, bVoltageSupport })).toEqual(order);
  });
});

const path = vectorPath('ccid/descriptors.json');
describe.skipIf(!path)('descriptors of readers in the field (skipped where they are not beside the project)', () => {
  const rows = path ? (JSON.parse(readFileSync(path, 'utf8')) as [file: string, index: number, hex: string][]) : [];

  it('parses every one, and each means what a second reading says', () => {
    expect(rows.length).toBeGreaterThan(600);
    for (const [file, , hex] of rows) {
      const descriptor = parseClassDescriptor(parseHex(hex));
      // The same numbers from the hex digits, last byte first.
      const field = (offset: number, width: number): number =>
        Number.parseInt(
          hex
            .slice(offset * 2, (offset + width) * 2)
            .match(/../g)!
            .reverse()
            .join(''),
          16,
        );
      expect(descriptor, file).toMatchObject({
        bcdCCID: field(2, 2),
        bMaxSlotIndex: field(4, 1),
        dwProtocols: field(6, 4),
        dwDefaultClock: field(10, 4),
        dwMaxDataRate: field(23, 4),
        dwMaxIFSD: field(28, 4),
        dwFeatures: field(40, 4),
        dwMaxCCIDMessageLength: field(44, 4),
        bPINSupport: field(52, 1),
        bMaxCCIDBusySlots: field(53, 1),
      });
      const bits = field(42, 1) & 7;
      const level = bits & 4 ? 'extended-apdu' : bits & 2 ? 'short-apdu' : bits & 1 ? 'tpdu' : 'character';
      expect(exchangeLevel(descriptor), file).toBe(level);
      expect(powerSelections(descriptor).length, file).toBeGreaterThan(0);
    }
  });
});
