import { CardError } from '../../errors.ts';
import { concatBytes, parseHex } from '../../iso7816/bytes.ts';
import type { FrameOutcome } from '../../isodep/raw-frame-port.ts';
import type { Port100Link } from './port100-link.ts';

const COMMAND = {
  InSetRF: 0x00,
  InSetProtocol: 0x02,
  InCommRF: 0x04,
  SwitchRF: 0x06,
  GetFirmwareVersion: 0x20,
  SetCommandType: 0x2a,
} as const;

/** 106 kbit/s Type B, to the card and from it. */
const RF_106B = parseHex('03 07 0F 07');
/** Number and value of every protocol setting. 01 and 02: the reader adds and checks the CRC. */
const PROTOCOL_DEFAULTS = parseHex(
  '0018 0101 0201 0300 0400 0500 0600 0708 0800 0900 0A00 0B00 0C00 0E04 0F00 1000 1100 1200 1306',
);
/** SOF and EOF checked and added, guard time 20. */
const PROTOCOL_TYPE_B = parseHex('0B01 0901 0C01 0A01 0014');

/** Bits of the status of InCommRF. */
const RECEIVE_TIMEOUT = 0x80;
/** Protocol, parity, CRC, collision, overflow, receive length: the air was disturbed. */
const DISTURBED = 0x1f | 0x80000000;

/** The longest the reader can be told to wait, milliseconds: 16 bits of tenths. */
export const WAIT_MAX_MS = 6552;

/** Makes a reader ready that may be in any state. @throws {CardError} as {@link Port100Link.command} */
export async function initialise(link: Port100Link, timeoutMs: number): Promise<void> {
  await link.reset();
  await succeed(link, COMMAND.SetCommandType, Uint8Array.of(0x01), timeoutMs);
  await link.command(COMMAND.GetFirmwareVersion, new Uint8Array(), timeoutMs);
  await switchFieldOff(link, timeoutMs);
}

/** The field comes on by itself with the first frame. @throws {CardError} as {@link Port100Link.command} */
export async function setTypeB(link: Port100Link, timeoutMs: number): Promise<void> {
  await succeed(link, COMMAND.InSetRF, RF_106B, timeoutMs);
  await succeed(link, COMMAND.InSetProtocol, PROTOCOL_DEFAULTS, timeoutMs);
  await succeed(link, COMMAND.InSetProtocol, PROTOCOL_TYPE_B, timeoutMs);
}

export async function switchFieldOff(link: Port100Link, timeoutMs: number): Promise<void> {
  await succeed(link, COMMAND.SwitchRF, Uint8Array.of(0x00), timeoutMs);
}

/** One frame to the card and back. @throws {CardError} as {@link Port100Link.command} */
export async function commRf(
  link: Port100Link,
  frame: Uint8Array,
  waitMs: number,
  timeoutMs: number,
): Promise<FrameOutcome> {
  const tenths = (Math.min(waitMs, WAIT_MAX_MS) + 1) * 10;
  const parameters = concatBytes(Uint8Array.of(tenths & 0xff, tenths >> 8), frame);
  const reply = await link.command(COMMAND.InCommRF, parameters, waitMs + timeoutMs);
  if (reply.length < 4) throw new CardError('protocol_error', 'a reply without status');
  const status = new DataView(reply.buffer, reply.byteOffset).getUint32(0, true);
  if (status === 0) return reply.length > 5 ? { kind: 'frame', bytes: reply.subarray(5) } : { kind: 'garbled' };
  if ((status & RECEIVE_TIMEOUT) !== 0) return { kind: 'silent' };
  if ((status & DISTURBED) !== 0) return { kind: 'garbled' };
  throw new CardError('reader_fault', `the reader reports ${status.toString(16)}`);
}

async function succeed(link: Port100Link, code: number, parameters: Uint8Array, timeoutMs: number): Promise<void> {
  const [status] = await link.command(code, parameters, timeoutMs);
  if (status !== 0) throw new CardError('reader_fault', `the reader refuses command ${code.toString(16)}`);
}
