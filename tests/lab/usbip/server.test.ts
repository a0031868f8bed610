import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createSimulatedReader } from 'webusb-ccid/simulated';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ByteSource } from './byte-source.ts';
import { encodeOperationRequest } from './operations.ts';
import { startUsbIpServer, type UsbIpServer } from './server.ts';
import { encodeUrbRequest, type UrbSubmit } from './urbs.ts';

let server: UsbIpServer;
beforeEach(async () => {
  server = await startUsbIpServer();
});
afterEach(() => server.close());

const NO_SETUP = { bmRequestType: 0, bRequest: 0, wValue: 0, wIndex: 0, wLength: 0 };

/** A kernel as the device knows it. */
class Client {
  readonly #socket: Socket;
  readonly #source: ByteSource;
  #seqnum = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#source = new ByteSource(socket);
  }

  static async open(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return new Client(socket);
  }

  /** Status of the import. */
  async import(busId: string): Promise<number | undefined> {
    this.#socket.write(encodeOperationRequest({ kind: 'import', busId }));
    const header = await this.#source.take(8);
    if (header?.[7] === 0) await this.#source.take(312);
    return header?.[7];
  }

  send(changes: Partial<UrbSubmit>, data: Uint8Array = new Uint8Array()): number {
    const seqnum = ++this.#seqnum;
    const urb: UrbSubmit = {
      kind: 'submit',
      seqnum,
      devid: 1,
      direction: 'out',
      endpoint: 0,
      transferFlags: 0,
      length: data.length,
      startFrame: 0,
      interval: 0,
      setup: NO_SETUP,
      ...changes,
    };
    this.#socket.write(Uint8Array.from([...encodeUrbRequest(urb), ...data]));
    return seqnum;
  }

  unlink(unlinkSeqnum: number): number {
    const seqnum = ++this.#seqnum;
    this.#socket.write(encodeUrbRequest({ kind: 'unlink', seqnum, devid: 1, unlinkSeqnum }));
    return seqnum;
  }

  /** The next reply; `undefined` when the plug is out. */
  async reply(isIn = true): Promise<{ command: number; seqnum: number; status: number; data: string } | undefined> {
    const head = await this.#source.take(48).catch(() => undefined);
    if (!head) return undefined;
    const view = new DataView(head.buffer);
    const data = view.getUint32(0) === 3 && isIn ? await this.#source.take(view.getUint32(24)) : undefined;
    return {
      command: view.getUint32(0),
      seqnum: view.getUint32(4),
      status: view.getInt32(20),
      data: Buffer.from(data ?? []).toString('hex'),
    };
  }

  async configure(): Promise<void> {
    this.send({ setup: { ...NO_SETUP, bRequest: 9, wValue: 1 } });
    await this.reply(false);
  }

  close(): void {
    this.#socket.destroy();
  }
}

const GET_SLOT_STATUS = Uint8Array.of(0x65, 0, 0, 0, 0, 0, 7, 0, 0, 0);
const bulkIn = { direction: 'in', endpoint: 2, length: 64 } as const;

async function plugIn(reader = createSimulatedReader()): Promise<Client> {
  server.offer('1-1', reader.device);
  const client = await Client.open(server.port);
  expect(await client.import('1-1')).toBe(0);
  return client;
}

it('tells who the device is', async () => {
  const client = await plugIn(createSimulatedReader({ vendorId: 0x054c, productId: 0x0dc9, serialNumber: 'AB' }));
  const read = async (wValue: number, wLength: number): Promise<string | undefined> => {
    const setup = { bmRequestType: 0x80, bRequest: 6, wValue, wIndex: 0x0409, wLength };
    client.send({ direction: 'in', length: wLength, setup });
    return (await client.reply())?.data;
  };
  expect(await read(0x0100, 18)).toBe('12010002000000404c05c90d0001010203' + '01');
  expect(await read(0x0200, 9)).toBe('09025d0001010080' + '32');
  expect(await read(0x0303, 255)).toBe('060341004200');
  client.close();
});

it('stalls descriptors that the device has not', async () => {
  const client = await plugIn();
  client.send({
    direction: 'in',
    length: 10,
    setup: { ...NO_SETUP, bmRequestType: 0x80, bRequest: 6, wValue: 0x0600 },
  });
  expect(await client.reply()).toMatchObject({ status: -32, data: '' });
  client.close();
});

it('keeps a read until there is something to read', async () => {
  const client = await plugIn();
  await client.configure();
  const read = client.send(bulkIn);
  const write = client.send({ endpoint: 1 }, GET_SLOT_STATUS);
  expect(await client.reply(false)).toMatchObject({ seqnum: write, status: 0 });
  // No card: bStatus 2.
  expect(await client.reply()).toMatchObject({ seqnum: read, status: 0, data: '81000000000007020001' });
  client.close();
});

it('takes a read back once, and the next one gets the answer', async () => {
  const client = await plugIn();
  await client.configure();
  const first = client.send(bulkIn);
  const unlink = client.unlink(first);
  expect(await client.reply()).toMatchObject({ command: 4, seqnum: unlink, status: -104 });
  client.unlink(first);
  expect(await client.reply()).toMatchObject({ command: 4, status: 0 });
  client.send({ endpoint: 1 }, GET_SLOT_STATUS);
  await client.reply(false);
  const second = client.send(bulkIn);
  expect(await client.reply()).toMatchObject({ seqnum: second, status: 0 });
  client.close();
});

it('halts an endpoint until the host clears it', async () => {
  const reader = createSimulatedReader();
  const client = await plugIn(reader);
  await client.configure();
  reader.faults.stallsLeft = 1;
  client.send({ endpoint: 1 }, GET_SLOT_STATUS);
  expect(await client.reply(false)).toMatchObject({ status: -32 });
  client.send({ endpoint: 1 }, GET_SLOT_STATUS);
  expect(await client.reply(false)).toMatchObject({ status: 0 });
  client.close();
});

it('gives a device to one at a time, and a device that is not there to nobody', async () => {
  const client = await plugIn();
  const second = await Client.open(server.port);
  expect(await second.import('1-1')).toBe(1);
  const third = await Client.open(server.port);
  expect(await third.import('9-9')).toBe(1);
  client.close();
});

it('pulls the plug when it is taken away, and at a byte that was ordered', async () => {
  const client = await plugIn();
  client.send(bulkIn);
  server.withdraw('1-1');
  expect(await client.reply()).toBeUndefined();

  const reader = createSimulatedReader();
  const other = await plugIn(reader);
  await other.configure();
  reader.faults.unplugAtByte(5);
  other.send({ endpoint: 1 }, GET_SLOT_STATUS);
  expect(await other.reply(false)).toBeUndefined();
});

it('ends a connection that speaks something else', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await once(socket, 'close');
});
