import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { PluggableDevice } from '../../../ccid/simulated/usb.ts';
import { ByteSource } from './byte-source.ts';
import { readLayout } from './device-descriptors.ts';
import { ImportedDevice } from './imported-device.ts';
import {
  encodeDeviceList,
  encodeImportReply,
  type ExportedDeviceRecord,
  OPERATION_HEADER_SIZE_BYTES,
  operationBodySize,
  parseOperationRequest,
} from './operations.ts';
import { encodeSubmitReply, encodeUnlinkReply, parseUrbRequest, URB_HEADER_SIZE_BYTES, URB_STATUS } from './urbs.ts';

/** Lets other machines, or this one's kernel, plug simulated devices in. */
export interface UsbIpServer {
  readonly port: number;
  /** Offers a device under a name such as `1-1`; one of that name before it is unplugged. */
  offer(busId: string, device: PluggableDevice): void;
  /** Takes a device away, pulling its plug where it is in use. */
  withdraw(busId: string): void;
  /** Unplugs everything. */
  close(): Promise<void>;
}

interface Offer {
  readonly device: PluggableDevice;
  readonly record: ExportedDeviceRecord;
  /** Connections that use the device: one at most, which the client's kernel sees to. */
  readonly sockets: Set<Socket>;
}

/** @param port where to listen on 127.0.0.1; 0 for any */
export async function startUsbIpServer(port = 0): Promise<UsbIpServer> {
  const offers = new Map<string, Offer>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    // A client that goes away without a word ends the stream; there is nobody to tell.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, offers).then(
      () => socket.destroySoon(),
      (error: unknown) => socket.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const withdraw = (busId: string): void => {
    for (const socket of offers.get(busId)?.sockets ?? []) socket.destroy();
    offers.delete(busId);
  };
  return {
    port: typeof address === 'object' && address ? address.port : port,
    offer(busId, device) {
      withdraw(busId);
      offers.set(busId, { device, record: describe(busId, offers.size + 1, device), sockets: new Set() });
    },
    withdraw,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function describe(busId: string, deviceNumber: number, { gadget }: PluggableDevice): ExportedDeviceRecord {
  const { configurationValue, interfaces } = readLayout(gadget.configurationDescriptor);
  const { vendorId, productId, bcdDevice } = gadget;
  const path = `/simulated/${busId}`;
  return { path, busId, busNumber: 1, deviceNumber, vendorId, productId, bcdDevice, configurationValue, interfaces };
}

/** One connection: a question about the devices, or the whole life of one of them. */
async function serve(socket: Socket, offers: ReadonlyMap<string, Offer>): Promise<void> {
  const source = new ByteSource(socket);
  const header = await source.take(OPERATION_HEADER_SIZE_BYTES);
  const body = header && (await source.take(operationBodySize(header)));
  if (!body) return;
  const request = parseOperationRequest(Uint8Array.from([...header, ...body]));
  if (request.kind === 'list') {
    socket.write(encodeDeviceList([...offers.values()].map(({ record }) => record)));
    return;
  }
  const offer = offers.get(request.busId);
  const isFree = offer !== undefined && offer.sockets.size === 0;
  socket.write(encodeImportReply(isFree ? offer.record : undefined));
  if (!isFree) return;
  offer.sockets.add(socket);
  const imported = new ImportedDevice(offer.device, () => socket.destroy());
  try {
    await carry(socket, source, imported);
  } finally {
    offer.sockets.delete(socket);
    imported.stop();
  }
}

async function carry(socket: Socket, source: ByteSource, device: ImportedDevice): Promise<void> {
  for (;;) {
    const header = await source.take(URB_HEADER_SIZE_BYTES);
    if (!header) return;
    const request = parseUrbRequest(header);
    if (request.kind === 'unlink') {
      const status = device.takeBack(request.unlinkSeqnum) ? URB_STATUS.unlinked : 0;
      socket.write(encodeUnlinkReply(request.seqnum, status));
      continue;
    }
    const isOut = request.direction === 'out';
    const data = await source.take(isOut ? request.length : 0);
    if (!data) return;
    device.submit(request, data, (end) => {
      const length = isOut ? (end.status === URB_STATUS.ok ? data.length : 0) : end.data.length;
      socket.write(encodeSubmitReply(request.seqnum, end.status, length, end.data));
    });
  }
}
