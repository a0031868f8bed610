import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseAtr } from '../../../ccid/index.ts';
import { activateTypeB } from '../../../ccid/isodep/activate-type-b.ts';
import { typeBAtr, unknownCardAtr } from '../../../ccid/isodep/contactless-atr.ts';
import {
  encodeAttrib,
  encodeSensbRes,
  parseAttribRes,
  parseProtocolInfo,
  parseSensbRes,
  SENSB_REQ,
} from '../../../ccid/isodep/type-b.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { createAir } from './simulated-air.ts';

const SENSB = parseHex('50 E8253EEC 00000011 008185');

describe('SENSB_RES', () => {
  it('names identifier, application data and protocol', () => {
    const card = parseSensbRes(SENSB);
    expect(card).toEqual({
      pupi: parseHex('E8253EEC'),
      applicationData: parseHex('00000011'),
      protocolInfo: parseHex('008185'),
    });
    const protocol = parseProtocolInfo(card.protocolInfo);
    expect(protocol).toMatchObject({ fsc: 256, supportsIsoDep: true });
    expect(protocol.fwtMs).toBeCloseTo(77.33, 2);
  });

  it('comes back from its bytes, and the bytes from it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 11, maxLength: 12 }), (rest) => {
        const frame = Uint8Array.of(0x50, ...rest);
        expect(encodeSensbRes(parseSensbRes(frame))).toEqual(frame);
      }),
    );
  });

  it.each(['', '50', '51 E8253EEC 00000011 008185', '50 E8253EEC 00000011 0081', '50 E8253EEC 00000011 0081850000'])(
    'is not %s',
    (hex) => {
      expect(() => parseSensbRes(parseHex(hex))).toThrow(RangeError);
    },
  );

  it('keeps to the borders of frame size and waiting time', () => {
    expect(parseProtocolInfo(parseHex('00 01 00'))).toMatchObject({ fsc: 16 });
    expect(parseProtocolInfo(parseHex('00 F0 E0'))).toMatchObject({ fsc: 4096, supportsIsoDep: false });
    expect(parseProtocolInfo(parseHex('00 00 E0')).fwtMs).toBeCloseTo(4949, 0);
    // FWI 15 is reserved and counts as 4.
    expect(parseProtocolInfo(parseHex('00 00 F0')).fwtMs).toBeCloseTo(4.83, 2);
    expect(() => parseProtocolInfo(parseHex('00 00'))).toThrow(RangeError);
  });
});

describe('ATTRIB', () => {
  it('has the bytes that My Number cards are known to take', () => {
    expect(encodeAttrib(parseHex('E8253EEC'))).toEqual(parseHex('1D E8253EEC 00 08 01 00'));
    expect(() => encodeAttrib(parseHex('E825'))).toThrow(RangeError);
  });

  it('is answered with MBLI and CID', () => {
    expect(parseAttribRes(parseHex('30'))).toEqual({ mbli: 3 });
    expect(() => parseAttribRes(parseHex('01'))).toThrow(RangeError);
    expect(() => parseAttribRes(parseHex(''))).toThrow(RangeError);
  });
});

it('makes the ATR that PC/SC makes', () => {
  const atr = typeBAtr(parseSensbRes(SENSB), 0);
  expect(atr).toEqual(parseHex('3B 88 80 01 00000011 008185 00 1C'));
  expect(parseAtr(atr)).toMatchObject({ protocols: [0, 1] });
  expect(parseAtr(unknownCardAtr()).historicalBytes).toEqual(new Uint8Array());
});

describe('activation', () => {
  it('finds no card, a card without ISO-DEP, a card that falls silent', async () => {
    const empty = createAir();
    empty.field.remove();
    await expect(activateTypeB(empty.port, SENSB_REQ)).rejects.toMatchObject({ code: 'card_absent' });

    const other = {
      frameLengthMax: 254,
      exchange: () => Promise.resolve({ kind: 'frame', bytes: parseHex('50 E8253EEC 00000011 008085') } as const),
    };
    await expect(activateTypeB(other, SENSB_REQ)).rejects.toMatchObject({ code: 'card_unsupported' });

    const shy = createAir();
    for (let i = 1; i < 10; i++) shy.faults.onFrame('lost-answer', i);
    await expect(activateTypeB(shy.port, SENSB_REQ)).rejects.toMatchObject({ code: 'card_mute' });
  });

  it('bears a poll and an ATTRIB that get lost', async () => {
    for (const fault of ['lost-command', 'lost-answer', 'corrupt-answer'] as const) {
      const air = createAir();
      air.faults.onFrame(fault, 0);
      if (fault === 'lost-command') air.faults.onFrame(fault, 2);
      await expect(activateTypeB(air.port, SENSB_REQ)).resolves.toHaveProperty('atr');
    }
  });
});
