import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { CardError } from '../../../../ccid/index.ts';
import { parseHex } from '../../../../ccid/iso7816/bytes.ts';
import {
  activatedCard,
  encodeExchange,
  encodeManage,
  encodeSwitchToTypeB,
  exchangeOutcome,
  isActivated,
  MANAGE,
  parseTransparentReply,
} from '../../../../ccid/readers/rc-s300/transparent-session.ts';

describe('commands of a transparent session', () => {
  it('have the bytes that the reader is known to take', () => {
    expect(encodeManage(MANAGE.start)).toEqual(parseHex('FF 50 00 00 02 81 00 00'));
    expect(encodeManage(MANAGE.end)).toEqual(parseHex('FF 50 00 00 02 82 00 00'));
    expect(encodeManage(MANAGE.fieldOff)).toEqual(parseHex('FF 50 00 00 02 83 00 00'));
    expect(encodeManage(MANAGE.fieldOn)).toEqual(parseHex('FF 50 00 00 02 84 00 00'));
    expect(encodeSwitchToTypeB(3)).toEqual(parseHex('FF 50 00 02 04 8F 02 01 03 00'));
    expect(encodeSwitchToTypeB(4)).toEqual(parseHex('FF 50 00 02 04 8F 02 01 04 00'));
    expect(encodeExchange(parseHex('B2'), 100)).toEqual(
      parseHex('FF 50 00 01 00 00 0C 5F 46 04 A0 86 01 00 95 82 00 01 B2 00 00 00'),
    );
  });
});

describe('a reply of a transparent session', () => {
  it('carries what was heard', () => {
    const reply = parseTransparentReply(
      parseHex('C003009000 920100 96020000 9714 1401 0102030405060708 1112131415161718 0000 9000'),
    );
    expect(exchangeOutcome(reply)).toEqual({
      kind: 'frame',
      bytes: parseHex('1401 0102030405060708 1112131415161718 0000'),
    });
  });

  it('says that nothing was heard, or something broken', () => {
    for (const status of ['016401', '016301', '016A81'])
      expect(exchangeOutcome(parseTransparentReply(parseHex(`C003 ${status} 9000`)))).toEqual({ kind: 'silent' });
    expect(exchangeOutcome(parseTransparentReply(parseHex('C003009000 96020100 9701 02 9000')))).toEqual({
      kind: 'garbled',
    });
  });

  it('says whether a card was activated, and which', () => {
    expect(isActivated(parseTransparentReply(parseHex('C003 016A81 9000')))).toBe(false);
    const reply = parseTransparentReply(parseHex('C003 009000 5F5102 1234 9000'));
    expect(isActivated(reply)).toBe(true);
    expect(activatedCard(reply)).toEqual(parseHex('1234'));
    expect(() => isActivated(parseTransparentReply(parseHex('C003 016985 9000')))).toThrow(CardError);
    expect(() => isActivated(parseTransparentReply(parseHex('6E00')))).toThrow(CardError);
  });

  it.each(['', '90', '9000', 'C00300 9000', 'C004009000 9000'])('is not %s', (hex) => {
    expect(() => parseTransparentReply(parseHex(hex))).toThrow(RangeError);
  });

  it('never throws anything but RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          parseTransparentReply(Uint8Array.of(...bytes, 0x90, 0x00));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
