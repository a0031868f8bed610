import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeDeviceList,
  encodeImportReply,
  encodeOperationRequest,
  type ExportedDeviceRecord,
  operationBodySize,
  parseOperationRequest,
} from './operations.ts';
import { encodeSubmitReply, encodeUnlinkReply, encodeUrbRequest, parseUrbRequest, type UrbRequest } from './urbs.ts';

const parseHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// The exchange with a keyboard-like device printed in Linux's usbip_protocol.
const INTERRUPT_IN =
  '00000001 00000d05 0001000f 00000001 00000001 00000200 00000040 ffffffff 00000000 00000004 00000000 00000000';
const INTERRUPT_OUT =
  '00000001 00000d06 0001000f 00000000 00000001 00000000 00000040 ffffffff 00000000 00000004 00000000 00000000';
const OUT_DONE =
  '00000003 00000d06 00000000 00000000 00000000 00000000 00000040 ffffffff 00000000 00000000 00000000 00000000';

describe('transfers', () => {
  // The document prints start_frame ffffffff and number_of_packets 0; Linux sends either in the latter.
  it('are read as the document prints them', () => {
    expect(parseUrbRequest(parseHex(INTERRUPT_IN))).toMatchObject({
      kind: 'submit',
      seqnum: 0xd05,
      devid: 0x1000f,
      direction: 'in',
      endpoint: 1,
      transferFlags: 0x200,
      length: 64,
      interval: 4,
    });
    expect(parseUrbRequest(parseHex(INTERRUPT_OUT))).toMatchObject({ direction: 'out', seqnum: 0xd06, length: 64 });
  });

  it('end with status and length in the places of the document', () => {
    const done = encodeSubmitReply(0xd06, 0, 64);
    const printed = parseHex(OUT_DONE);
    expect(toHex(done.slice(0, 28))).toBe(toHex(printed.slice(0, 28)));
    expect(done).toHaveLength(printed.length);
    expect(toHex(encodeSubmitReply(7, -32, 0)).slice(40, 48)).toBe('ffffffe0');
    expect(toHex(encodeSubmitReply(7, 0, 2, Uint8Array.of(1, 2))).slice(96)).toBe('0102');
  });

  it('have the setup bytes as USB has them', () => {
    const request = parseHex(
      '00000001 00000001 00010002 00000001 00000000 00000200 00000012 00000000 ffffffff 00000000',
    );
    const setup = parseHex('80 06 00 01 00 00 12 00');
    expect(parseUrbRequest(Uint8Array.from([...request, ...setup]))).toMatchObject({
      endpoint: 0,
      setup: { bmRequestType: 0x80, bRequest: 6, wValue: 0x0100, wIndex: 0, wLength: 18 },
    });
  });

  it('are taken back by the number of their request', () => {
    const bytes = parseHex(`00000002 00000d07 0001000f 00000000 00000000 00000d05 ${'00'.repeat(24)}`);
    expect(parseUrbRequest(bytes)).toEqual({ kind: 'unlink', seqnum: 0xd07, devid: 0x1000f, unlinkSeqnum: 0xd05 });
    expect(toHex(encodeUnlinkReply(0xd07, -104))).toBe(
      `0000000400000d07000000000000000000000000ffffff98${'00'.repeat(24)}`,
    );
  });

  it.each([
    ['too short', '00000001'],
    ['no command of a client', `00000003${'00'.repeat(44)}`],
    ['isochronous', `00000001${'00'.repeat(28)}00000008${'00'.repeat(12)}`],
  ])('are refused when %s', (_, hex) => {
    expect(() => parseUrbRequest(parseHex(hex))).toThrow(RangeError);
  });

  it('survive encoding and parsing', () => {
    const dword = fc.nat(0xffffffff);
    const word = fc.nat(0xffff);
    const setup = fc.record({
      bmRequestType: fc.nat(255),
      bRequest: fc.nat(255),
      wValue: word,
      wIndex: word,
      wLength: word,
    });
    const submit = fc.record({
      kind: fc.constant('submit' as const),
      seqnum: dword,
      devid: dword,
      direction: fc.constantFrom('in' as const, 'out' as const),
      endpoint: fc.nat(15),
      transferFlags: dword,
      length: dword,
      startFrame: dword,
      interval: dword,
      setup,
    });
    const unlink = fc.record({
      kind: fc.constant('unlink' as const),
      seqnum: dword,
      devid: dword,
      unlinkSeqnum: dword,
    });
    fc.assert(
      fc.property(fc.oneof<fc.Arbitrary<UrbRequest>[]>(submit, unlink), (request) => {
        const bytes = encodeUrbRequest(request);
        expect(parseUrbRequest(bytes)).toEqual(request);
        expect(toHex(encodeUrbRequest(parseUrbRequest(bytes)))).toBe(toHex(bytes));
      }),
    );
  });
});

describe('operations', () => {
  const record: ExportedDeviceRecord = {
    path: '/simulated/1-1',
    busId: '1-1',
    busNumber: 1,
    deviceNumber: 2,
    vendorId: 0x054c,
    productId: 0x0dc9,
    bcdDevice: 0x0100,
    configurationValue: 1,
    interfaces: [
      [0x0b, 0, 0],
      [0xff, 0, 0],
    ],
  };

  it('ask for the list and for a device', () => {
    expect(toHex(encodeOperationRequest({ kind: 'list' }))).toBe('0111800500000000');
    expect(toHex(encodeOperationRequest({ kind: 'import', busId: '1-1' }))).toBe(
      `0111800300000000312d31${'00'.repeat(29)}`,
    );
  });

  it('say how much follows their header', () => {
    expect(operationBodySize(parseHex('0111 8005 00000000'))).toBe(0);
    expect(operationBodySize(parseHex('0111 8003 00000000'))).toBe(32);
  });

  it('answer with records of 312 bytes, in the list with interfaces', () => {
    expect(encodeImportReply(record)).toHaveLength(8 + 312);
    const list = encodeDeviceList([record]);
    expect(list).toHaveLength(12 + 312 + 2 * 4);
    expect(toHex(list.slice(0, 12))).toBe('011100050000000000000001');
    // Bus, device, full speed; ids; one configuration of two interfaces; the interfaces.
    expect(toHex(list.slice(12 + 288))).toBe(
      '000000010000000200000002' + '054c0dc90100' + '000000010102' + '0b000000' + 'ff000000',
    );
  });

  it('refuse a device that is not there', () => {
    expect(toHex(encodeImportReply(undefined))).toBe('0111000300000001');
  });

  it.each([
    ['another version', '0100 8005 00000000'],
    ['another code', '0111 8004 00000000'],
    ['half a bus id', '0111 8003 00000000 312d31'],
    ['a bus id without end', `0111 8003 00000000 ${'31'.repeat(32)}`],
  ])('are refused with %s', (_, hex) => {
    expect(() => parseOperationRequest(parseHex(hex))).toThrow(RangeError);
  });

  it('survive encoding and parsing', () => {
    const busId = fc.stringMatching(/^[0-9]{1,3}-[0-9.]{1,20}$/);
    fc.assert(
      fc.property(busId, (id) => {
        const request = { kind: 'import', busId: id } as const;
        expect(parseOperationRequest(encodeOperationRequest(request))).toEqual(request);
      }),
    );
  });
});
