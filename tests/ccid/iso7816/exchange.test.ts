import { describe, expect, it } from 'vitest';
import { parseHex, encodeHex } from '../../../ccid/iso7816/bytes.ts';
import type { CardChannel } from '../../../ccid/iso7816/card-channel.ts';
import {
  channelClass,
  readBinary,
  readBinarySfi,
  selectApplication,
  selectEf,
  verify,
  verifyStatus,
} from '../../../ccid/iso7816/commands.ts';
import { encodeCommand } from '../../../ccid/iso7816/apdu.ts';
import { exchange } from '../../../ccid/iso7816/exchange.ts';
import { readDerEf, readEf } from '../../../ccid/iso7816/read-file.ts';
import { attemptsLeft, describeStatusWord, requireOk } from '../../../ccid/iso7816/status-word.ts';

/** A channel that plays a dialogue: each command must be the next of the script. */
function play(
  ...script: readonly (readonly [command: string, answer: string])[]
): CardChannel & { left: () => number } {
  const steps = [...script];
  return {
    left: () => steps.length,
    transmit(command) {
      const [expected, answer] = steps.shift() ?? ['nothing', ''];
      expect(encodeHex(command)).toBe(expected.replaceAll(' ', ''));
      return Promise.resolve(parseHex(answer));
    },
  };
}

describe('exchange', () => {
  it('passes on what the card says', async () => {
    const card = play(['00B0000004', '30820545 9000']);
    expect(await exchange(card, readBinary(0, 4))).toEqual({ data: parseHex('30820545'), sw: 0x9000 });
  });

  it('repeats with the length the card names, once', async () => {
    const card = play(['00B0000000', '6C03'], ['00B0000003', '010203 9000']);
    expect(await exchange(card, readBinary(0, 256))).toEqual({ data: parseHex('010203'), sw: 0x9000 });
    const stubborn = play(['00B0000000', '6C03'], ['00B0000003', '6C04']);
    expect((await exchange(stubborn, readBinary(0, 256))).sw).toBe(0x6c04);
  });

  it('never repeats a command without Le', async () => {
    const card = play(['0020008004 31323334', '6C00']);
    expect((await exchange(card, verify(0x80, parseHex('31323334')))).sw).toBe(0x6c00);
    expect(card.left()).toBe(0);
  });

  it('fetches the rest', async () => {
    const card = play(['00B0000000', '01 6102'], ['00C0000002', '02 6101'], ['00C0000001', '03 9000']);
    expect(await exchange(card, readBinary(0, 256))).toEqual({ data: parseHex('010203'), sw: 0x9000 });
  });

  it('stops a card that offers more and gives nothing, or says nothing', async () => {
    await expect(
      exchange(play(['00B0000000', '6101'], ['00C0000001', '6101']), readBinary(0, 256)),
    ).rejects.toMatchObject({
      code: 'protocol_error',
    });
    await expect(exchange(play(['00B0000000', '90']), readBinary(0, 256))).rejects.toMatchObject({
      code: 'protocol_error',
    });
  });
});

describe('commands', () => {
  it.each([
    [selectApplication(parseHex('D392F000260100000001')), '00A4040C0AD392F000260100000001'],
    [selectEf(0x000a), '00A4020C02000A'],
    [readBinary(0x0100, 256), '00B0010000'],
    [readBinarySfi(10, 0, 256), '00B08A0000'],
    [verifyStatus(0x80), '00200080'],
    [verify(0x80, parseHex('31323334')), '002000800431323334'],
  ])('%#', (command, hex) => expect(encodeHex(encodeCommand(command))).toBe(hex));

  it('refuses what does not fit', () => {
    expect(() => selectApplication(new Uint8Array(4))).toThrow(RangeError);
    expect(() => readBinary(0x8000, 1)).toThrow(RangeError);
    expect(() => readBinarySfi(31, 0, 1)).toThrow(RangeError);
    expect(() => selectEf(0x10000)).toThrow(RangeError);
  });

  it('keeps the logical channel and nothing else of CLA', () => {
    expect([0x00, 0x01, 0x13, 0x0c, 0x80, 0x45, 0x7f].map(channelClass)).toEqual([0, 1, 3, 0, 0, 0x45, 0x4f]);
  });
});

describe('readDerEf', () => {
  const certificate = Uint8Array.from({ length: 600 }, (_, i) => i & 0xff);
  certificate.set(parseHex('30820254'));

  it('learns the length from the header and reads the rest in chunks', async () => {
    const part = (from: number, to: number): string => encodeHex(certificate.slice(from, to)) + '9000';
    const card = play(['00B0000000', part(0, 256)], ['00B0010000', part(256, 512)], ['00B0020058', part(512, 600)]);
    expect(await readDerEf(card)).toEqual(certificate);
  });

  it('drops what stands behind the object and bears the end of a short file', async () => {
    expect(await readDerEf(play(['00B0000000', '0401AA FFFF 6282']))).toEqual(parseHex('0401AA'));
  });

  it('has a code for each way to fail', async () => {
    await expect(readDerEf(play(['00B0000000', '6982']))).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(readDerEf(play(['00B0000000', 'FFFF9000']))).rejects.toMatchObject({ code: 'wrong_data' });
    await expect(readEf(play(['00B0000004', '9000']), 4)).rejects.toMatchObject({ code: 'protocol_error' });
    await expect(readEf(play(['00B0000004', '6A82']), 4)).rejects.toMatchObject({
      code: 'not_found',
      statusWord: 0x6a82,
    });
  });
});

describe('status words', () => {
  it('count attempts', () => {
    expect([0x63c3, 0x63c0, 0x6300, 0x9000].map(attemptsLeft)).toEqual([3, 0, undefined, undefined]);
  });

  it.each([
    [0x63c2, 'pin_wrong', 2],
    [0x63c0, 'pin_blocked', 0],
    [0x6983, 'pin_blocked', 0],
    [0x6985, 'not_permitted', undefined],
    [0x6a88, 'not_found', undefined],
    [0x6700, 'wrong_data', undefined],
    [0x6d00, 'unexpected_status', undefined],
  ])('%i becomes %s', (sw, code, left) => {
    expect(() => requireOk({ data: new Uint8Array(), sw }, 'a step')).toThrow(
      expect.objectContaining({ code, attemptsLeft: left, statusWord: sw }),
    );
  });

  it('have words, also when nobody defined them', () => {
    for (let sw = 0; sw <= 0xffff; sw += 7) expect(describeStatusWord(sw).length).toBeGreaterThan(3);
  });
});
