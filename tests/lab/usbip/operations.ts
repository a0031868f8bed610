/**
 * What a client asks a USB/IP server before a device is imported (Linux `usbip_protocol`, protocol 1.1.1). All numbers
 * are most significant byte first.
 */

export const USBIP_VERSION = 0x0111;
/** `usb_device_speed` of Linux: bulk packets of 64 bytes. */
export const FULL_SPEED = 2;
const CODE = { reqDevlist: 0x8005, repDevlist: 0x0005, reqImport: 0x8003, repImport: 0x0003 } as const;
const PATH_SIZE_BYTES = 256;
const BUS_ID_SIZE_BYTES = 32;
/** Length of every request's beginning: version, code, status. */
export const OPERATION_HEADER_SIZE_BYTES = 8;

export type OperationRequest =
  { readonly kind: 'list' } | { readonly kind: 'import'; /** Such as `1-1`. */ readonly busId: string };

/** What a server tells of a device that can be imported. */
export interface ExportedDeviceRecord {
  readonly path: string;
  readonly busId: string;
  readonly busNumber: number;
  readonly deviceNumber: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice: number;
  readonly configurationValue: number;
  /** Class, subclass and protocol of each interface. */
  readonly interfaces: readonly (readonly [number, number, number])[];
}

/**
 * How many bytes follow the header of a request.
 *
 * @throws {RangeError} no header of this protocol
 */
export function operationBodySize(header: Uint8Array): number {
  const view = viewOf(header);
  if (header.length !== OPERATION_HEADER_SIZE_BYTES) throw new RangeError('an operation begins with eight bytes');
  if (view.getUint16(0) !== USBIP_VERSION) throw new RangeError('another version of USB/IP');
  const code = view.getUint16(2);
  if (code === CODE.reqDevlist) return 0;
  if (code === CODE.reqImport) return BUS_ID_SIZE_BYTES;
  throw new RangeError(`no operation has the code ${code}`);
}

/** @throws {RangeError} when the bytes are no request */
export function parseOperationRequest(bytes: Uint8Array): OperationRequest {
  const body = bytes.slice(OPERATION_HEADER_SIZE_BYTES);
  if (body.length !== operationBodySize(bytes.slice(0, OPERATION_HEADER_SIZE_BYTES)))
    throw new RangeError('the request has another length');
  if (body.length === 0) return { kind: 'list' };
  const end = body.indexOf(0);
  if (end < 1) throw new RangeError('a bus id ends with a zero');
  return { kind: 'import', busId: new TextDecoder('latin1').decode(body.slice(0, end)) };
}

export function encodeOperationRequest(request: OperationRequest): Uint8Array {
  if (request.kind === 'list') return header(CODE.reqDevlist, 0);
  return join(header(CODE.reqImport, 0), text(request.busId, BUS_ID_SIZE_BYTES));
}

/** OP_REP_DEVLIST */
export function encodeDeviceList(devices: readonly ExportedDeviceRecord[]): Uint8Array {
  const records = devices.flatMap((device) => [
    encodeRecord(device),
    ...device.interfaces.map((codes) => Uint8Array.of(...codes, 0)),
  ]);
  return join(header(CODE.repDevlist, 0), dwords(devices.length), ...records);
}

/** OP_REP_IMPORT; `undefined` says that there is no such device. */
export function encodeImportReply(device: ExportedDeviceRecord | undefined): Uint8Array {
  return device ? join(header(CODE.repImport, 0), encodeRecord(device)) : header(CODE.repImport, 1);
}

function encodeRecord(device: ExportedDeviceRecord): Uint8Array {
  return join(
    text(device.path, PATH_SIZE_BYTES),
    text(device.busId, BUS_ID_SIZE_BYTES),
    dwords(device.busNumber, device.deviceNumber, FULL_SPEED),
    words(device.vendorId, device.productId, device.bcdDevice),
    // The class is told by the interfaces; one configuration.
    Uint8Array.of(0, 0, 0, device.configurationValue, 1, device.interfaces.length),
  );
}

function header(code: number, status: number): Uint8Array {
  return join(words(USBIP_VERSION, code), dwords(status));
}

function text(value: string, sizeBytes: number): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  if (bytes.length >= sizeBytes) throw new RangeError(`${value} is too long`);
  return join(bytes, new Uint8Array(sizeBytes - bytes.length));
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]));
}

function dwords(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap((value) => [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]),
  );
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
