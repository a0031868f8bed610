import { describe, expect, it } from 'vitest';
import type { CardError } from '../../../ccid/errors.ts';
import { createSimulatedReader, SimulatedUsb } from '../../../ccid/simulated/index.ts';
import { holdDevice } from '../../../ccid/transport/device-hold.ts';
import type { UsbDevice, UsbInResult } from '../../../ccid/transport/usb-api.ts';
import { usbFailure } from '../../../ccid/transport/usb-failure.ts';
import { openWebUsbPort, type UsbPortAddress } from '../../../ccid/transport/webusb-port.ts';
import { turnClock } from '../readers/turn-clock.ts';

const ADDRESS: UsbPortAddress = {
  configurationValue: 1,
  interfaceNumber: 0,
  alternateSetting: 0,
  bulkOut: { endpointNumber: 1, packetSize: 64 },
  bulkIn: { endpointNumber: 2, packetSize: 64 },
};

/** A device whose bulk-in transfers end as the script says, and which counts how many are under way. */
function scripted(script: (UsbInResult | Error)[]) {
  const seen = { reads: 0, underWay: 0, underWayMax: 0, lengths: new Set<number>(), halts: 0, out: [] as number[] };
  const device: UsbDevice = {
    vendorId: 1,
    productId: 1,
    deviceVersionMajor: 1,
    deviceVersionMinor: 0,
    deviceVersionSubminor: 0,
    configurations: [{ configurationValue: 1, interfaces: [] }],
    configuration: { configurationValue: 1, interfaces: [] },
    opened: true,
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    selectConfiguration: () => Promise.resolve(),
    claimInterface: () => Promise.resolve(),
    releaseInterface: () => Promise.resolve(),
    selectAlternateInterface: () => Promise.resolve(),
    controlTransferIn: () => Promise.resolve({ status: 'stall' }),
    controlTransferOut: () => Promise.resolve({ status: 'stall', bytesWritten: 0 }),
    clearHalt: () => Promise.resolve(void seen.halts++),
    reset: () => Promise.resolve(),
    transferOut: (_endpoint, data) => {
      seen.out.push(data.length);
      return Promise.resolve({ status: 'ok', bytesWritten: data.length });
    },
    async transferIn(_endpoint, length) {
      seen.reads++;
      seen.lengths.add(length);
      seen.underWayMax = Math.max(seen.underWayMax, ++seen.underWay);
      await Promise.resolve();
      const next = script.shift();
      if (next === undefined) return new Promise(() => {});
      seen.underWay--;
      if (next instanceof Error) throw next;
      return next;
    },
  };
  return { device, seen };
}

const data = (...bytes: number[]): UsbInResult => ({ status: 'ok', data: new DataView(Uint8Array.from(bytes).buffer) });

async function open(device: UsbDevice, options: { sendsZeroLengthPacket?: boolean; unplugged?: AbortSignal } = {}) {
  const heard: string[] = [];
  const port = await openWebUsbPort(
    device,
    ADDRESS,
    {
      bulkIn: (bytes) => heard.push(`in ${bytes.join()}`),
      interruptIn: () => {},
      interruptInEnded: () => {},
      bulkInLost: (reason) => heard.push(`lost ${reason.code}`),
      ended: (reason) => heard.push(`ended ${reason.code}`),
    },
    { messageLengthMax: 271, clock: turnClock, ...options },
  );
  return { port, heard };
}

/** Until nothing is left to do but wait. */
async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

describe('the bulk-in pump', () => {
  it('has one transfer under way, of whole packets', async () => {
    const { device, seen } = scripted([data(1), data(2, 3), data(4)]);
    const { heard, port } = await open(device);
    await settle();
    expect(heard).toEqual(['in 1', 'in 2,3', 'in 4']);
    expect(seen.underWayMax).toBe(1);
    expect([...seen.lengths]).toEqual([320]);
    await port.close();
  });

  it('passes by zero-length packets', async () => {
    const { device } = scripted([data(), { status: 'ok' }, data(1)]);
    const { heard, port } = await open(device);
    await settle();
    expect(heard).toEqual(['in 1']);
    await port.close();
  });

  it('clears a stall and reports babble, and goes on', async () => {
    const { device, seen } = scripted([{ status: 'stall' }, data(1), { status: 'babble' }, data(2)]);
    const { heard, port } = await open(device);
    await settle();
    expect(heard).toEqual(['lost reader_fault', 'in 1', 'lost reader_fault', 'in 2']);
    expect(seen.halts).toBe(1);
    await port.close();
  });

  it('forgives two failures in a row and gives up at the third', async () => {
    const failure = () => new DOMException('A transfer error has occurred.', 'NetworkError');
    const { device, seen } = scripted([failure(), failure(), data(1), failure(), failure(), failure(), data(2)]);
    const { heard } = await open(device);
    await settle(1000);
    expect(heard).toEqual([
      'lost reader_fault',
      'lost reader_fault',
      'in 1',
      'lost reader_fault',
      'lost reader_fault',
      'lost reader_fault',
      'ended reader_fault',
    ]);
    expect(seen.reads).toBe(6);
  });

  it('knows an unplugged device by its error or by the event', async () => {
    const gone = scripted([new DOMException('The device was disconnected.', 'NotFoundError')]);
    const { heard } = await open(gone.device);
    await settle();
    expect(heard).toEqual(['ended reader_gone']);

    // NetworkError first, the event a moment later, as Chromium does.
    const unplugged = new AbortController();
    const late = scripted([new DOMException('A transfer error has occurred.', 'NetworkError')]);
    const other = await open(late.device, { unplugged: unplugged.signal });
    await settle(1);
    unplugged.abort();
    await settle(30);
    expect(other.heard).toEqual(['ended reader_gone']);
    await expect(other.port.bulkOut(Uint8Array.of(1))).rejects.toMatchObject({ code: 'reader_gone' });
  });
});

describe('bulkOut', () => {
  it('sends a zero-length packet only on demand, and only behind full packets', async () => {
    const quiet = scripted([]);
    await (await open(quiet.device)).port.bulkOut(new Uint8Array(128));
    expect(quiet.seen.out).toEqual([128]);
    const careful = scripted([]);
    const { port } = await open(careful.device, { sendsZeroLengthPacket: true });
    await port.bulkOut(new Uint8Array(128));
    await port.bulkOut(new Uint8Array(10));
    expect(careful.seen.out).toEqual([128, 0, 10]);
  });
});

describe('usbFailure', () => {
  const named = (name: string, message = ''): DOMException => new DOMException(message, name);

  it.each([
    ['choose', named('NotFoundError'), 'no_reader_chosen'],
    ['choose', named('SecurityError'), 'usb_unsupported'],
    ['open', named('SecurityError', 'Access denied.'), 'reader_denied'],
    ['open', new Error('LIBUSB_ERROR_ACCESS'), 'reader_denied'],
    ['open', named('NetworkError'), 'reader_busy'],
    ['open', named('NotFoundError'), 'reader_gone'],
    ['claim', named('SecurityError'), 'protected_interface'],
    ['claim', named('NetworkError'), 'reader_busy'],
    ['claim', new Error('interface is busy'), 'reader_busy'],
    ['transfer', named('NetworkError'), 'reader_fault'],
    ['transfer', new Error('LIBUSB_TRANSFER_NO_DEVICE'), 'reader_gone'],
  ] as const)('%s: %s is %s', (step, cause, code) => {
    const failure: CardError = usbFailure(step, cause);
    expect(failure.code).toBe(code);
    expect(failure.cause).toBe(cause);
  });
});

describe('holdDevice', () => {
  it('opens once and closes with the last holder', async () => {
    const usb = new SimulatedUsb();
    usb.attach(createSimulatedReader().device, { isPermitted: true });
    const [device] = await usb.getDevices();
    const [first, second] = await Promise.all([holdDevice(device!), holdDevice(device!)]);
    expect(device?.opened).toBe(true);
    await first();
    await first();
    expect(device?.opened).toBe(true);
    await second();
    expect(device?.opened).toBe(false);
  });
});
