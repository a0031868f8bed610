import type { GadgetSetup } from '../../../ccid/simulated/usb-gadget.ts';

/**
 * The traffic of an imported device (Linux `usbip_protocol`): requests and replies of 48 bytes and their data. Numbers are
 * most significant byte first, but for the setup bytes, which are as on the wire of USB.
 */

export const URB_HEADER_SIZE_BYTES = 48;
const COMMAND = { submit: 1, unlink: 2, submitted: 3, unlinked: 4 } as const;
/** `number_of_packets` of everything that is not isochronous. */
const NOT_ISOCHRONOUS = 0xffffffff;

/** Linux error numbers by which a transfer ends, negative. */
export const URB_STATUS = { ok: 0, stall: -32, babble: -75, unlinked: -104 } as const;

interface UrbAddress {
  /** Counts the client's requests; the reply bears the same. */
  readonly seqnum: number;
  /** Bus and device number in one. */
  readonly devid: number;
}

/** A transfer that the client wants done. */
export interface UrbSubmit extends UrbAddress {
  readonly kind: 'submit';
  readonly direction: 'in' | 'out';
  /** Without the direction bit; 0 for control transfers. */
  readonly endpoint: number;
  readonly transferFlags: number;
  /** Bytes that follow (out) or are wanted (in). */
  readonly length: number;
  readonly startFrame: number;
  readonly interval: number;
  /** All zero unless the endpoint is 0. */
  readonly setup: GadgetSetup;
}

/** A transfer that the client does not want any more. */
export interface UrbUnlink extends UrbAddress {
  readonly kind: 'unlink';
  readonly unlinkSeqnum: number;
}

export type UrbRequest = UrbSubmit | UrbUnlink;

/** @throws {RangeError} when the bytes are no request, or one for an isochronous endpoint */
export function parseUrbRequest(bytes: Uint8Array): UrbRequest {
  if (bytes.length !== URB_HEADER_SIZE_BYTES) throw new RangeError('a request has 48 bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const command = view.getUint32(0);
  const address = { seqnum: view.getUint32(4), devid: view.getUint32(8) };
  if (command === COMMAND.unlink) return { kind: 'unlink', ...address, unlinkSeqnum: view.getUint32(20) };
  if (command !== COMMAND.submit) throw new RangeError(`no request has the command ${command}`);
  if (view.getUint32(32) !== NOT_ISOCHRONOUS && view.getUint32(32) !== 0)
    throw new RangeError('isochronous transfers are not served');
  return {
    kind: 'submit',
    ...address,
    direction: view.getUint32(12) === 1 ? 'in' : 'out',
    endpoint: view.getUint32(16),
    transferFlags: view.getUint32(20),
    length: view.getUint32(24),
    startFrame: view.getUint32(28),
    interval: view.getUint32(36),
    setup: {
      bmRequestType: view.getUint8(40),
      bRequest: view.getUint8(41),
      wValue: view.getUint16(42, true),
      wIndex: view.getUint16(44, true),
      wLength: view.getUint16(46, true),
    },
  };
}

/** Without the data of a submitted OUT transfer. */
export function encodeUrbRequest(request: UrbRequest): Uint8Array {
  if (request.kind === 'unlink') {
    const { seqnum, devid, unlinkSeqnum } = request;
    return encode([COMMAND.unlink, seqnum, devid, 0, 0, unlinkSeqnum]);
  }
  const { seqnum, devid, direction, endpoint, transferFlags, length, startFrame, interval, setup } = request;
  const isIn = direction === 'in' ? 1 : 0;
  const numbers = [COMMAND.submit, seqnum, devid, isIn, endpoint, transferFlags, length, startFrame, NOT_ISOCHRONOUS];
  const bytes = encode([...numbers, interval]);
  const view = new DataView(bytes.buffer);
  view.setUint8(40, setup.bmRequestType);
  view.setUint8(41, setup.bRequest);
  view.setUint16(42, setup.wValue, true);
  view.setUint16(44, setup.wIndex, true);
  view.setUint16(46, setup.wLength, true);
  return bytes;
}

/** USBIP_RET_SUBMIT; `data` only for IN, `actualLength` also for what was taken. */
export function encodeSubmitReply(
  seqnum: number,
  status: number,
  actualLength: number,
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  const head = encode([COMMAND.submitted, seqnum, 0, 0, 0, status, actualLength, 0, NOT_ISOCHRONOUS]);
  return Uint8Array.from([...head, ...data]);
}

/** USBIP_RET_UNLINK: -104 when the transfer was stopped, 0 when it had ended before. */
export function encodeUnlinkReply(seqnum: number, status: number): Uint8Array {
  return encode([COMMAND.unlinked, seqnum, 0, 0, 0, status]);
}

function encode(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(URB_HEADER_SIZE_BYTES);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => view.setUint32(i * 4, number));
  return bytes;
}
