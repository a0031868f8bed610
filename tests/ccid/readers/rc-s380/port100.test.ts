import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { z } from 'zod';
import { encodeHex, parseHex } from '../../../../ccid/iso7816/bytes.ts';
import { activateTypeB, pollTypeB } from '../../../../ccid/isodep/activate-type-b.ts';
import { SENSB_REQ } from '../../../../ccid/isodep/type-b.ts';
import { commRf, setTypeB } from '../../../../ccid/readers/rc-s380/port100-commands.ts';
import { ACK_FRAME, encodeFrame, FrameAssembler, parseFrame } from '../../../../ccid/readers/rc-s380/port100-frame.ts';
import { Port100Link } from '../../../../ccid/readers/rc-s380/port100-link.ts';
import type { UsbPort } from '../../../../ccid/transport/usb-port.ts';
import { readVector } from '../../../vectors.ts';
import { turnClock } from '../turn-clock.ts';

describe('a PORT100 frame', () => {
  it('has two checksums', () => {
    expect(encodeFrame(parseHex('3132'))).toEqual(parseHex('0000FFFFFF0200FE31329D00'));
    expect(parseFrame(parseHex('0000FFFFFF0200FE31329D00'))).toEqual({ kind: 'data', data: parseHex('3132') });
    expect(parseFrame(ACK_FRAME)).toEqual({ kind: 'ack' });
    expect(parseFrame(parseHex('0000FF01FF7F8100'))).toEqual({ kind: 'error' });
  });

  it('comes back from its bytes, whole or in pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(320), (data, cut) => {
        const frame = encodeFrame(data);
        expect(parseFrame(frame)).toEqual({ kind: 'data', data: new Uint8Array(data) });
        const assembler = new FrameAssembler();
        const frames = [...assembler.add(frame.slice(0, cut)), ...assembler.add(frame.slice(cut))];
        expect(frames).toEqual([{ kind: 'data', data: new Uint8Array(data) }]);
      }),
    );
  });

  it('is refused when one bit is wrong', () => {
    const frame = encodeFrame(parseHex('D6 04 36 01 05 00 10'));
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const broken = frame.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(() => parseFrame(broken), `bit ${bit}`).toThrow(RangeError);
    }
  });

  it('is found in no garbage, and garbage never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (transfers) => {
        const assembler = new FrameAssembler();
        for (const transfer of transfers) assembler.add(transfer);
        assembler.clear();
        expect(assembler.add(ACK_FRAME)).toEqual([{ kind: 'ack' }]);
      }),
    );
  });
});

const step = z.object({ commandFrame: z.string(), ack: z.string(), responseFrame: z.string() });
const vectorFile = z.object({
  exchanges: z.array(
    z.object({ id: z.string(), steps: z.array(step), expect: z.object({ found: z.boolean() }).loose() }),
  ),
});
const bytes = readVector('rcs380/port100.json');

describe.skipIf(!bytes)(
  'independent byte vectors of the RC-S380 (skipped where they do not lie beside the project)',
  () => {
    const exchanges = bytes ? vectorFile.parse(JSON.parse(new TextDecoder().decode(bytes))).exchanges : [];

    it.each(exchanges)('$id', async ({ steps, expect: expected }) => {
      const link = new Port100Link(turnClock, undefined);
      const left = [...steps];
      const refuse = (): Promise<never> => Promise.reject(new TypeError('bulk only'));
      const port: UsbPort = {
        interfaceNumber: 0,
        bulkInPacketSize: 64,
        hasInterruptIn: false,
        controlIn: refuse,
        controlOut: refuse,
        reset: refuse,
        close: refuse,
        bulkOut(sent) {
          // A poll that found nobody is repeated.
          const next = left.length > 1 ? left.shift() : left[0];
          expect(encodeHex(sent)).toBe(next?.commandFrame);
          link.bulkIn(parseHex(next?.ack ?? ''));
          link.bulkIn(parseHex(next?.responseFrame ?? ''));
          return Promise.resolve();
        },
      };
      link.attach(port);
      await setTypeB(link, 100);
      const air = {
        frameLengthMax: 254,
        exchange: (frame: Uint8Array, waitMs: number) => commRf(link, frame, waitMs, 100),
      };
      const card = await pollTypeB(air, SENSB_REQ);
      expect(card !== undefined).toBe(expected.found);
      if (card) {
        expect(encodeHex(card.pupi)).toBe(expected['pupi']);
        expect(encodeHex(card.applicationData)).toBe(expected['applicationData']);
        expect(encodeHex(card.protocolInfo)).toBe(expected['protocolInfo']);
      } else await expect(activateTypeB(air, SENSB_REQ)).rejects.toMatchObject({ code: 'card_absent' });
    });
  },
);
