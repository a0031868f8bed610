import { describe, expect, it } from 'vitest';
import { CardError, type TraceEvent } from '../../../../ccid/index.ts';
import { encodeHex, parseHex } from '../../../../ccid/iso7816/bytes.ts';
import { ACK_FRAME, encodeFrame } from '../../../../ccid/readers/rc-s380/port100-frame.ts';
import { Port100Link } from '../../../../ccid/readers/rc-s380/port100-link.ts';
import type { UsbPort } from '../../../../ccid/transport/usb-port.ts';
import { turnClock } from '../turn-clock.ts';

const NOTHING = new Uint8Array();

function attach() {
  const events: TraceEvent[] = [];
  const sent: string[] = [];
  const link = new Port100Link(turnClock, (event) => events.push(event));
  const refuse = (): Promise<never> => Promise.reject(new TypeError('bulk only'));
  const port: UsbPort = {
    interfaceNumber: 0,
    bulkInPacketSize: 64,
    hasInterruptIn: false,
    controlIn: refuse,
    controlOut: refuse,
    reset: refuse,
    close: refuse,
    bulkOut(bytes) {
      sent.push(encodeHex(bytes));
      return Promise.resolve();
    },
  };
  link.attach(port);
  return { link, sent, events };
}

describe('a PORT100 link', () => {
  it('takes a response only behind its ACK and with its own code', async () => {
    const { link, events } = attach();
    const answered = link.command(0x04, NOTHING, 100);
    link.bulkIn(encodeFrame(parseHex('D7 05 01')));
    link.bulkIn(ACK_FRAME);
    link.bulkIn(encodeFrame(parseHex('D7 21 02')));
    link.bulkIn(encodeFrame(parseHex('D7 05 03')));
    expect(await answered).toEqual(parseHex('03'));
    expect(events.map(({ kind }) => kind)).toEqual(['dropped', 'dropped']);
  });

  it('ends a command with an ACK when the caller gives up, and is of no more use', async () => {
    const { link, sent } = attach();
    const answered = link.command(0x04, NOTHING, 100);
    link.abort();
    await expect(answered).rejects.toMatchObject({ code: 'aborted' });
    expect(sent.at(-1)).toBe(encodeHex(ACK_FRAME));
    expect(link.failure?.code).toBe('aborted');
    // The late response meets nobody.
    link.bulkIn(ACK_FRAME);
    link.bulkIn(encodeFrame(parseHex('D7 05 01')));
    await expect(link.command(0x04, NOTHING, 100)).rejects.toBeInstanceOf(CardError);
  });

  it('says reader_fault when the reader complains, timeout when it is silent', async () => {
    const complained = attach();
    const refused = complained.link.command(0x04, NOTHING, 100);
    complained.link.bulkIn(parseHex('0000FF01FF7F8100'));
    await expect(refused).rejects.toMatchObject({ code: 'reader_fault' });
    const silent = attach();
    await expect(silent.link.command(0x04, NOTHING, 20)).rejects.toMatchObject({ code: 'timeout' });
  });
});
