import { concatBytes } from './bytes.ts';

/**
 * A command APDU (ISO 7816-4 §5.2).
 *
 * `ne` counts the response bytes wanted and is not the Le byte: 256 travels as Le = 00. Leaving it
 * out sends no Le at all.
 */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** 1 to 65,535 bytes; leave out for none (an empty array is refused: Lc = 0 does not exist). */
  readonly data?: Uint8Array;
  /** 1 to 65,536. */
  readonly ne?: number;
}

/** A response APDU: data and the status word SW1-SW2 as one number (`0x9000`). */
export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly sw: number;
}

const SHORT_DATA_MAX = 255;
const SHORT_NE_MAX = 256;
const EXTENDED_DATA_MAX = 65_535;
const EXTENDED_NE_MAX = 65_536;

/** Whether the command needs the extended form: one decision for Lc and Le (ISO 7816-4 §5.2). */
export function isExtended(command: CommandApdu): boolean {
  return (command.data?.length ?? 0) > SHORT_DATA_MAX || (command.ne ?? 0) > SHORT_NE_MAX;
}

/** @throws {RangeError} when a field does not fit its byte or the lengths exceed the extended form */
export function encodeCommand(command: CommandApdu): Uint8Array<ArrayBuffer> {
  const { cla, ins, p1, p2, data, ne } = command;
  for (const [name, byte] of Object.entries({ cla, ins, p1, p2 })) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff) throw new RangeError(`${name} is not a byte`);
  }
  if (data && (data.length < 1 || data.length > EXTENDED_DATA_MAX)) throw new RangeError('data is 1 to 65,535 bytes');
  if (ne !== undefined && (!Number.isInteger(ne) || ne < 1 || ne > EXTENDED_NE_MAX))
    throw new RangeError('ne is 1 to 65,536');

  const header = Uint8Array.of(cla, ins, p1, p2);
  if (!isExtended(command)) {
    return concatBytes(
      header,
      data ? concatBytes(Uint8Array.of(data.length), data) : new Uint8Array(),
      ne === undefined ? new Uint8Array() : Uint8Array.of(ne & 0xff),
    );
  }
  return concatBytes(
    header,
    // The leading zero marks the extended form; without Lc it belongs to Le.
    data ? concatBytes(Uint8Array.of(0, data.length >> 8, data.length & 0xff), data) : new Uint8Array(),
    ne === undefined ? new Uint8Array() : Uint8Array.of(...(data ? [] : [0]), (ne >> 8) & 0xff, ne & 0xff),
  );
}

/** @throws {RangeError} when the bytes are not exactly one command APDU */
export function parseCommand(bytes: Uint8Array): CommandApdu {
  if (bytes.length < 4) throw new RangeError('a command has at least four bytes');
  const [cla, ins, p1, p2] = bytes as unknown as [number, number, number, number];
  const header = { cla, ins, p1, p2 };
  const body = bytes.subarray(4);
  if (body.length === 0) return header;
  if (body.length === 1) return { ...header, ne: body[0] || SHORT_NE_MAX };
  const isExtendedForm = body[0] === 0;
  return { ...header, ...(isExtendedForm ? parseExtendedBody(body) : parseShortBody(body)) };
}

function parseShortBody(body: Uint8Array): Pick<CommandApdu, 'data' | 'ne'> {
  const lc = body[0]!;
  const data = body.slice(1, 1 + lc);
  if (body.length === 1 + lc) return { data };
  if (body.length === 2 + lc) return { data, ne: body[1 + lc] || SHORT_NE_MAX };
  throw new RangeError('Lc does not match the length');
}

function parseExtendedBody(body: Uint8Array): Pick<CommandApdu, 'data' | 'ne'> {
  if (body.length < 3) throw new RangeError('an extended length has three bytes');
  const first = (body[1]! << 8) | body[2]!;
  if (body.length === 3) return requireExtended({ ne: first || EXTENDED_NE_MAX });
  if (first === 0) throw new RangeError('Lc 000000 does not exist');
  const data = body.slice(3, 3 + first);
  if (body.length === 3 + first) return requireExtended({ data });
  if (body.length !== 5 + first) throw new RangeError('Lc does not match the length');
  const le = (body[3 + first]! << 8) | body[4 + first]!;
  return requireExtended({ data, ne: le || EXTENDED_NE_MAX });
}

/** A short command in extended clothes is legal on the wire; we refuse it so that encode(parse(bytes)) = bytes. */
function requireExtended(body: Pick<CommandApdu, 'data' | 'ne'>): Pick<CommandApdu, 'data' | 'ne'> {
  if (!isExtended({ cla: 0, ins: 0, p1: 0, p2: 0, ...body })) throw new RangeError('extended form without need');
  return body;
}

/** @throws {RangeError} when there is no status word */
export function parseResponse(bytes: Uint8Array): ResponseApdu {
  if (bytes.length < 2) throw new RangeError('a response has at least SW1 and SW2');
  return {
    data: bytes.slice(0, -2),
    sw: (bytes[bytes.length - 2]! << 8) | bytes[bytes.length - 1]!,
  };
}

export function encodeResponse(response: ResponseApdu): Uint8Array<ArrayBuffer> {
  return concatBytes(response.data, Uint8Array.of(response.sw >> 8, response.sw & 0xff));
}
