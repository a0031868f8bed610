import assert from 'node:assert/strict';
import type { CardError } from '../../../ccid/errors.ts';
import type { PluggableDevice } from '../../../ccid/simulated/usb.ts';
import type { UsbPort, UsbPortListener } from '../../../ccid/transport/usb-port.ts';
import { createContractDevice, type ContractDevice } from './contract-device.ts';

/** A bus that a device can be plugged into, with the port under test on its other end. */
export interface UsbPortBench {
  plugIn(device: PluggableDevice): Promise<void> | void;
  unplug(device: PluggableDevice): Promise<void> | void;
  /** Claims {@link CONTRACT_ADDRESS} of the plugged device. @throws {CardError} as the port's own opening */
  open(listener: UsbPortListener): Promise<UsbPort>;
  /** Another program takes the interface; the returned function gives it back. */
  holdElsewhere(device: PluggableDevice): Promise<GiveBack> | GiveBack;
  /** Waits until nothing is left to do but wait, and longer than any limit the transport has of its own. */
  beSilent(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void> | void;
}

type GiveBack = () => Promise<void> | void;

/** What some buses cannot do to a device. */
export interface UsbPortLimits {
  /** A packet longer than it may be. */
  readonly canBabble: boolean;
  /** A second program on the same bus. */
  readonly canHold: boolean;
}

/** One thing that every {@link UsbPort} does. Plain functions, so that they also run where no test runner is. */
export interface UsbPortCase {
  readonly name: string;
  readonly needs?: keyof UsbPortLimits;
  readonly run: (bench: UsbPortBench) => Promise<void>;
}

/** A listener that remembers. */
function createEars() {
  const heard: string[] = [];
  const messages: Uint8Array[] = [];
  const waiting: (() => void)[] = [];
  const hear = (what: string): void => {
    heard.push(what);
    for (const wake of waiting.splice(0)) wake();
  };
  const until = async (isEnough: () => boolean): Promise<void> => {
    while (!isEnough()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    heard,
    messages,
    until,
    events: (prefix: string) => heard.filter((what) => what.startsWith(prefix)),
    bytes: () => messages.reduce((sum, part) => sum + part.length, 0),
    listener: {
      bulkIn(bytes) {
        messages.push(bytes.slice());
        hear('bulk');
      },
      interruptIn: (bytes) => hear(`interrupt ${bytes.join()}`),
      bulkInLost: (reason: CardError) => hear(`lost ${reason.code}`),
      interruptInEnded: () => hear('interrupt ended'),
      ended: (reason: CardError) => hear(`ended ${reason.code}`),
    } satisfies UsbPortListener,
  };
}

async function withPort(
  bench: UsbPortBench,
  work: (parts: { device: ContractDevice; port: UsbPort; ears: ReturnType<typeof createEars> }) => Promise<void>,
): Promise<void> {
  const device = createContractDevice();
  await bench.plugIn(device.pluggable);
  const ears = createEars();
  const port = await bench.open(ears.listener);
  await work({ device, port, ears });
  await port.close();
  assert.equal(ears.events('ended').length, 1, 'the end is told once');
}

const pattern = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);

/** The bytes of all transfers behind one another: a message may come in several. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function rejectsWith(code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: { code?: unknown }) => {
    assert.equal(error.code, code);
    return true;
  });
}

export const USB_PORT_CONTRACT: readonly UsbPortCase[] = [
  {
    name: 'carries messages out, byte for byte and in order',
    run: (bench) =>
      withPort(bench, async ({ device, port }) => {
        const sizes = [1, 10, 63, 64, 65, 128, 271, 1000];
        for (const size of sizes) await port.bulkOut(pattern(size));
        await device.received(sizes.reduce((sum, size) => sum + size, 0));
        assert.deepEqual(device.bytes(), joined(sizes.map(pattern)));
      }),
  },
  {
    name: 'brings messages in, whole and in order, whatever their length',
    run: (bench) =>
      withPort(bench, async ({ device, ears }) => {
        const sizes = [1, 10, 63, 64, 65, 127, 128, 129, 271, 320, 500];
        let total = 0;
        for (const size of sizes) {
          device.send(pattern(size), { zeroLengthPacket: true });
          total += size;
          await ears.until(() => ears.bytes() >= total);
        }
        assert.deepEqual(joined(ears.messages), joined(sizes.map(pattern)));
        assert.ok(ears.messages.every(({ length }) => length > 0));
      }),
  },
  {
    name: 'brings in messages that come together',
    run: (bench) =>
      withPort(bench, async ({ device, ears }) => {
        const sizes = [10, 200, 10, 64, 10];
        for (const size of sizes) device.send(pattern(size), { zeroLengthPacket: true });
        await ears.until(() => ears.bytes() >= 294);
        assert.deepEqual(joined(ears.messages), joined(sizes.map(pattern)));
      }),
  },
  {
    name: 'waits as long as the device takes',
    run: (bench) =>
      withPort(bench, async ({ device, port, ears }) => {
        await bench.beSilent();
        await port.bulkOut(pattern(10));
        await bench.beSilent();
        assert.deepEqual(ears.heard, []);
        device.send(pattern(200));
        await ears.until(() => ears.bytes() >= 200);
        assert.deepEqual(joined(ears.messages), pattern(200));
      }),
  },
  {
    name: 'passes by zero-length packets',
    run: (bench) =>
      withPort(bench, async ({ device, ears }) => {
        device.send(new Uint8Array());
        device.send(new Uint8Array());
        device.send(pattern(3));
        await ears.until(() => ears.bytes() >= 3);
        assert.deepEqual(ears.heard, ['bulk']);
      }),
  },
  {
    name: 'tells what the interrupt endpoint says',
    run: (bench) =>
      withPort(bench, async ({ device, port, ears }) => {
        assert.equal(port.hasInterruptIn, true);
        device.interrupt(Uint8Array.of(0x50, 3));
        await ears.until(() => ears.heard.length > 0);
        await bench.beSilent();
        device.interrupt(Uint8Array.of(0x50, 2));
        await ears.until(() => ears.heard.length > 1);
        assert.deepEqual(ears.heard, ['interrupt 80,3', 'interrupt 80,2']);
      }),
  },
  {
    name: 'carries control requests both ways, with and without data',
    run: (bench) =>
      withPort(bench, async ({ device, port }) => {
        const setup = { requestType: 'class', recipient: 'interface', value: 0x0102, index: 0 } as const;
        assert.deepEqual(await port.controlIn({ ...setup, request: 3 }, 8), Uint8Array.of(1, 2, 3, 4));
        await port.controlOut({ ...setup, request: 1 });
        await port.controlOut({ ...setup, request: 1 }, Uint8Array.of(9, 8));
        assert.deepEqual(device.controls, ['3 0102 ', '1 0102 ', '1 0102 9,8']);
      }),
  },
  {
    name: 'says reader_fault when the device refuses a control request, and goes on',
    run: (bench) =>
      withPort(bench, async ({ port }) => {
        const setup = { requestType: 'class', recipient: 'interface', request: 0x7f, value: 0, index: 0 } as const;
        await rejectsWith('reader_fault', port.controlIn(setup, 4));
        await rejectsWith('reader_fault', port.controlOut(setup));
        assert.equal((await port.controlIn({ ...setup, request: 3 }, 8)).length, 4);
      }),
  },
  {
    name: 'says reader_fault when the device refuses a message, and goes on',
    run: (bench) =>
      withPort(bench, async ({ device, port }) => {
        device.refuseNext();
        await rejectsWith('reader_fault', port.bulkOut(pattern(20)));
        await port.bulkOut(pattern(30));
        await device.received(30);
        assert.deepEqual(device.bytes(), pattern(30));
      }),
  },
  {
    name: 'tells that a read stalled, and goes on',
    run: (bench) =>
      withPort(bench, async ({ device, ears }) => {
        device.stall();
        await ears.until(() => ears.events('lost').length > 0);
        device.send(pattern(20));
        await ears.until(() => ears.bytes() >= 20);
        assert.deepEqual(ears.events('lost'), ['lost reader_fault']);
        assert.deepEqual(joined(ears.messages), pattern(20));
      }),
  },
  {
    name: 'tells that a read was lost to babble, and goes on',
    needs: 'canBabble',
    run: (bench) =>
      withPort(bench, async ({ device, ears }) => {
        device.babble();
        await ears.until(() => ears.events('lost').length > 0);
        device.send(pattern(20));
        await ears.until(() => ears.bytes() >= 20);
        assert.deepEqual(ears.events('lost'), ['lost reader_fault']);
      }),
  },
  {
    name: 'ends with reader_gone when the device is unplugged, and refuses everything after',
    run: (bench) =>
      withPort(bench, async ({ device, port, ears }) => {
        await port.bulkOut(pattern(10));
        await bench.unplug(device.pluggable);
        await ears.until(() => ears.events('ended').length > 0);
        assert.deepEqual(ears.events('ended'), ['ended reader_gone']);
        await rejectsWith('reader_gone', port.bulkOut(pattern(10)));
        const setup = { requestType: 'class', recipient: 'interface', request: 3, value: 0, index: 0 } as const;
        await rejectsWith('reader_gone', port.controlIn(setup, 4));
        await port.reset();
      }),
  },
  {
    name: 'works again when the device comes back',
    run: async (bench) => {
      const device = createContractDevice();
      for (const round of [1, 2]) {
        await bench.plugIn(device.pluggable);
        const ears = createEars();
        const port = await bench.open(ears.listener);
        device.send(pattern(round * 100));
        await ears.until(() => ears.bytes() >= round * 100);
        await bench.unplug(device.pluggable);
        await ears.until(() => ears.events('ended').length > 0);
        await port.close();
      }
    },
  },
  {
    name: 'gives the interface back when it is closed in the middle of a read, and can be opened again at once',
    run: async (bench) => {
      const device = createContractDevice();
      await bench.plugIn(device.pluggable);
      for (const round of [1, 2, 3]) {
        const ears = createEars();
        const port = await bench.open(ears.listener);
        device.send(pattern(round));
        await ears.until(() => ears.bytes() >= round);
        await port.close();
        await port.close();
        assert.deepEqual(ears.events('ended'), ['ended reader_gone']);
        await rejectsWith('reader_gone', port.bulkOut(pattern(1)));
      }
    },
  },
  {
    name: 'says reader_busy while another program holds the interface',
    needs: 'canHold',
    run: async (bench) => {
      const device = createContractDevice();
      await bench.plugIn(device.pluggable);
      const giveBack = await bench.holdElsewhere(device.pluggable);
      await rejectsWith('reader_busy', bench.open(createEars().listener));
      await giveBack();
      const port = await bench.open(createEars().listener);
      await port.close();
    },
  },
  {
    name: 'sends nothing more once it is closed, and never rejects in closing',
    run: (bench) =>
      withPort(bench, async ({ device, port }) => {
        await port.bulkOut(pattern(5));
        await device.received(5);
        await Promise.all([port.close(), port.close()]);
        await rejectsWith('reader_gone', port.bulkOut(pattern(5)));
        assert.equal(device.bytes().length, 5);
      }),
  },
];
