import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { parseInterrupt } from '../../../ccid/protocol/interrupts.ts';
import { MessageAssembler } from '../../../ccid/protocol/message-assembler.ts';
import { messageName, PC_TO_RDR, REPLY_TO } from '../../../ccid/protocol/message-types.ts';
import { encodePinModification, encodePinVerification } from '../../../ccid/protocol/pin-pad.ts';
import { parseReply } from '../../../ccid/protocol/replies.ts';
import * as requests from '../../../ccid/protocol/requests.ts';
import { describeSlotError, slotFailure } from '../../../ccid/protocol/slot-failure.ts';

describe('requests', () => {
  it.each([
    ['IccPowerOn', requests.iccPowerOn(2), '62 00000000 00 07 02 0000'],
    ['IccPowerOff', requests.iccPowerOff(), '63 00000000 00 07 000000'],
    ['GetSlotStatus', requests.getSlotStatus(), '65 00000000 00 07 000000'],
    ['XfrBlock', requests.xfrBlock(parseHex('00C101FE3E'), 3, 0x0110), '6F 05000000 00 07 03 1001 00C101FE3E'],
    ['GetParameters', requests.getParameters(), '6C 00000000 00 07 000000'],
    ['ResetParameters', requests.resetParameters(), '6D 00000000 00 07 000000'],
    [
      'SetParameters',
      requests.setParameters(1, parseHex('1110004D00FE00')),
      '61 07000000 00 07 01 0000 1110004D00FE00',
    ],
    ['Escape', requests.escape(parseHex('1F01')), '6B 02000000 00 07 000000 1F01'],
    ['IccClock', requests.iccClock(1), '6E 00000000 00 07 01 0000'],
    ['T0APDU', requests.t0Apdu(3, 0xff, 0), '6A 00000000 00 07 03FF00'],
    ['Secure', requests.secure(parseHex('00'), 1, 0), '69 01000000 00 07 01 0000 00'],
    ['Mechanical', requests.mechanical(2), '71 00000000 00 07 02 0000'],
    ['Abort', requests.abort(), '72 00000000 00 07 000000'],
    [
      'SetDataRateAndClockFrequency',
      requests.setDataRateAndClockFrequency(4000, 9600),
      '73 08000000 00 07 000000 A00F0000 80250000',
    ],
  ] as const)('PC_to_RDR_%s', (name, request, hex) => {
    expect(requests.encodeRequest(request, 0, 7)).toEqual(parseHex(hex));
    expect(messageName(request.bMessageType)).toBe(`PC_to_RDR_${name}`);
  });

  it('has a reply for every message', () => {
    expect(Object.keys(REPLY_TO).length).toBe(Object.keys(PC_TO_RDR).length);
  });

  it('refuses numbers that are no bytes', () => {
    expect(() => requests.encodeRequest(requests.getSlotStatus(), 0, 256)).toThrow(RangeError);
    expect(() => requests.encodeRequest(requests.iccPowerOn(-1), 0, 0)).toThrow(RangeError);
  });
});

describe('parseReply', () => {
  it('reads a slot status of an empty slot', () => {
    expect(parseReply(parseHex('81 00000000 00 05 02 00 01'))).toEqual({
      bMessageType: 0x81,
      bSlot: 0,
      bSeq: 5,
      iccStatus: 'absent',
      commandStatus: 'processed',
      bError: 0,
      bSpecific: 1,
      abData: new Uint8Array(),
    });
  });

  it('reads a data block, a failure and a time extension', () => {
    expect(parseReply(parseHex('80 02000000 01 02 00 00 10 9000'))).toMatchObject({ bSlot: 1, bSpecific: 0x10 });
    expect(parseReply(parseHex('80 00000000 00 00 41 FE 00'))).toMatchObject({
      iccStatus: 'inactive',
      commandStatus: 'failed',
      bError: 0xfe,
    });
    expect(parseReply(parseHex('80 00000000 00 00 80 05 00'))).toMatchObject({
      commandStatus: 'time-extension',
      bError: 5,
    });
  });

  it.each([
    ['too short', '80 00000000 00 00 00 00'],
    ['no reply', '6F 00000000 00 00 00 00 00'],
    ['short of dwLength', '80 02000000 00 00 00 00 00 90'],
    ['longer than dwLength', '80 00000000 00 00 00 00 00 90'],
    ['reserved card status', '80 00000000 00 00 03 00 00'],
    ['reserved command status', '80 00000000 00 00 C0 00 00'],
  ])('refuses what is %s', (_, hex) => expect(() => parseReply(parseHex(hex))).toThrow(RangeError));
});

describe('MessageAssembler', () => {
  const message = parseHex('80 03000000 00 00 00 00 00 AA9000');

  it('puts a message together however it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(220), { maxLength: 5 }), (abData, cuts) => {
        const whole = Uint8Array.from([0x80, abData.length, 0, 0, 0, 0, 0, 0, 0, 0, ...abData]);
        const borders = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const assembler = new MessageAssembler(300, 64);
        const messages = borders.slice(1).flatMap((to, i) => assembler.add(whole.subarray(borders[i], to)));
        expect(messages).toEqual([whole]);
      }),
    );
  });

  it('drops what follows a message in its transfer, unless the message filled its packets', () => {
    expect(new MessageAssembler(100, 64).add(Uint8Array.from([...message, 1, 2, 3, 4, 5, 6, 7]))).toEqual([message]);
    expect(new MessageAssembler(100, 13).add(Uint8Array.from([...message, ...message]))).toEqual([message, message]);
  });

  it('takes too long a message for garbage, and forgets half a one on demand', () => {
    const assembler = new MessageAssembler(100, 64);
    expect(assembler.add(parseHex('80 FFFFFFFF 00 00 00 00 00'))).toEqual(['garbage']);
    expect(assembler.add(message.slice(0, 11))).toEqual([]);
    assembler.clear();
    expect(assembler.add(message)).toEqual([message]);
  });
});

describe('parseInterrupt', () => {
  it('reads slot changes, four slots a byte', () => {
    expect(parseInterrupt(parseHex('5003'))).toMatchObject({
      kind: 'slot-change',
      slots: [{ isPresent: true, hasChanged: true }, {}, {}, {}],
    });
    const event = parseInterrupt(parseHex('50 00 02'));
    expect(event.kind === 'slot-change' && event.slots[4]).toEqual({ isPresent: false, hasChanged: true });
  });

  it('reads hardware errors', () => {
    expect(parseInterrupt(parseHex('51 01 07 01'))).toEqual({
      kind: 'hardware-error',
      bSlot: 1,
      bSeq: 7,
      isOverCurrent: true,
    });
  });

  it.each(['', '50', '5101', '5203'])('refuses %s', (hex) => {
    expect(() => parseInterrupt(parseHex(hex))).toThrow(RangeError);
  });
});

describe('slotFailure', () => {
  const reply = (bStatus: string, bError: string) => parseReply(parseHex(`80 00000000 00 00 ${bStatus} ${bError} 00`));

  it.each([
    ['42', 'FE', 'card_absent', 'card_gone'],
    ['41', 'FE', 'card_mute', 'card_gone'],
    ['40', 'FE', 'card_mute', 'card_mute'],
    ['40', 'FD', 'protocol_error', 'protocol_error'],
    ['40', 'F6', 'card_unsupported', 'card_unsupported'],
    ['40', 'F8', 'card_unsupported', 'card_unsupported'],
    ['40', 'FF', 'aborted', 'aborted'],
    ['40', 'F0', 'timeout', 'timeout'],
    ['40', '05', 'reader_fault', 'reader_fault'],
    ['40', 'A2', 'reader_fault', 'reader_fault'],
  ])('%s %s is %s at power-on and %s later', (bStatus, bError, early, late) => {
    expect(slotFailure(reply(bStatus, bError), 'power-on').code).toBe(early);
    expect(slotFailure(reply(bStatus, bError), 'exchange').code).toBe(late);
  });

  it('has words for every bError', () => {
    for (let bError = 0; bError <= 0xff; bError++) expect(describeSlotError(bError).length).toBeGreaterThan(5);
  });
});

describe('PIN entry', () => {
  const format = { coding: 'ascii', offset: 0, blockLength: 0, digitsMin: 4, digitsMax: 4 } as const;

  it('lays out verification as in CCID table 6.1-18', () => {
    expect(encodePinVerification(parseHex('00200080'), { format, timeoutSeconds: 30, languageId: 0x0411 })).toEqual(
      parseHex('00 1E 82 00 00 0404 02 01 1104 00 000000 00200080'),
    );
  });

  it('lays out modification as in CCID table 6.1-19', () => {
    const options = { format, newPinOffset: 4, asksForOldPin: true, languageId: 0x0411 };
    expect(encodePinModification(parseHex('00240080'), options)).toEqual(
      parseHex('01 00 82 00 00 00 04 0404 03 02 03 1104 000102 000000 00240080'),
    );
  });

  it('refuses what does not fit its field', () => {
    expect(() => encodePinVerification(new Uint8Array(4), { format: { ...format, offset: 16 } })).toThrow(RangeError);
    expect(() => encodePinVerification(new Uint8Array(4), { format, timeoutSeconds: 256 })).toThrow(RangeError);
  });
});
