import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeCommand,
  encodeResponse,
  parseCommand,
  parseResponse,
  type CommandApdu,
} from '../../../ccid/iso7816/apdu.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';

const byte = fc.integer({ min: 0, max: 255 });
const commands: fc.Arbitrary<CommandApdu> = fc
  .record(
    {
      cla: byte,
      ins: byte,
      p1: byte,
      p2: byte,
      data: fc.uint8Array({ minLength: 1, maxLength: 600 }),
      ne: fc.oneof(fc.integer({ min: 1, max: 256 }), fc.integer({ min: 1, max: 65_536 })),
    },
    { requiredKeys: ['cla', 'ins', 'p1', 'p2'] },
  )
  .map((command) => ({ ...command }));

describe('command APDU', () => {
  it.each([
    ['case 1', { cla: 0, ins: 0x20, p1: 0, p2: 0x80 }, '00200080'],
    ['case 2, 256', { cla: 0, ins: 0xb0, p1: 0, p2: 0, ne: 256 }, '00B0000000'],
    ['case 2 extended, 65,536', { cla: 0, ins: 0xb0, p1: 0, p2: 0, ne: 65_536 }, '00B00000000000'],
    ['case 3', { cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data: parseHex('000A') }, '00A4020C02000A'],
    ['case 4', { cla: 0, ins: 0x88, p1: 0, p2: 0, data: parseHex('01'), ne: 256 }, '00880000010100'],
    ['case 4 extended', { cla: 0, ins: 0x88, p1: 0, p2: 0, data: parseHex('01'), ne: 257 }, '00880000000001010101'],
  ])('encodes %s', (_, command, hex) => {
    expect(encodeCommand(command)).toEqual(parseHex(hex));
    expect(parseCommand(parseHex(hex))).toEqual(command);
  });

  it('parses what it encodes', () => {
    fc.assert(
      fc.property(commands, (command) => {
        expect(parseCommand(encodeCommand(command))).toEqual(command);
      }),
    );
  });

  it('encodes what it parses, or refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        let command: CommandApdu;
        try {
          command = parseCommand(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(encodeCommand(command)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['', '0020', '002000', '00A4040C05D392', '00A4040C02D3922600', '0088000000000001', '00B000000001'])(
    'refuses %s',
    (hex) => expect(() => parseCommand(parseHex(hex))).toThrow(RangeError),
  );

  it.each([
    { cla: 256, ins: 0, p1: 0, p2: 0 },
    { cla: 0, ins: 0, p1: 0, p2: 0, ne: 0 },
    { cla: 0, ins: 0, p1: 0, p2: 0, ne: 65_537 },
    { cla: 0, ins: 0, p1: 0, p2: 0, data: new Uint8Array() },
  ])('does not encode %j', (command) => expect(() => encodeCommand(command)).toThrow(RangeError));
});

it('splits a response into data and status word', () => {
  expect(parseResponse(parseHex('0102 9000'))).toEqual({ data: parseHex('0102'), sw: 0x9000 });
  expect(encodeResponse({ data: parseHex('0102'), sw: 0x63c3 })).toEqual(parseHex('010263C3'));
  expect(() => parseResponse(parseHex('90'))).toThrow(RangeError);
});
