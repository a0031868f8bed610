import { describe, it } from 'vitest';
import { SimulatedUsb, type PluggableDevice } from '../../../ccid/simulated/index.ts';
import { createNodeUsb } from '../../../ccid/transport/node-usb/node-usb.ts';
import type { UsbApi } from '../../../ccid/transport/usb-api.ts';
import type { UsbPortListener } from '../../../ccid/transport/usb-port.ts';
import { openWebUsbPort } from '../../../ccid/transport/webusb-port.ts';
import { turnClock } from '../readers/turn-clock.ts';
import { CONTRACT_ADDRESS, CONTRACT_MESSAGE_MAX } from './contract-device.ts';
import { FakeNodeUsb } from './fake-node-usb.ts';
import { USB_PORT_CONTRACT, type UsbPortBench, type UsbPortLimits } from './usb-port-contract.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the port as readers do, on whatever bus. */
function createOpening(usb: UsbApi) {
  return async (listener: UsbPortListener) => {
    const device = await usb.requestDevice({ filters: [{ classCode: 0xff }] });
    const unplugged = new AbortController();
    usb.addEventListener('disconnect', (event) => {
      // The event of an earlier plugging in may come later than the next one.
      if (event.device === device) unplugged.abort();
    });
    const options = { messageLengthMax: CONTRACT_MESSAGE_MAX, unplugged: unplugged.signal, clock: turnClock };
    return openWebUsbPort(device, CONTRACT_ADDRESS, listener, options);
  };
}

/** What browsers do, as the simulated bus does it. */
function createWebUsbBench(): UsbPortBench {
  const usb = new SimulatedUsb();
  const attached = new Map<PluggableDevice, PluggableDevice>();
  const held = new Set<PluggableDevice>();
  return {
    plugIn(device) {
      const handle = { ...device, isHeldElsewhere: () => held.has(device) };
      attached.set(device, handle);
      usb.attach(handle);
    },
    unplug(device) {
      const handle = attached.get(device);
      if (handle) usb.detach(handle);
    },
    open: createOpening(usb),
    holdElsewhere(device) {
      held.add(device);
      return () => void held.delete(device);
    },
    beSilent: () => pause(5),
    close: () => undefined,
  };
}

/** node-usb, with reads short enough to end many times in a silence. */
function createNodeUsbBench(): UsbPortBench {
  const fake = new FakeNodeUsb();
  const usb = createNodeUsb(fake, { packetReadMs: 4, restReadMs: 20 });
  return {
    plugIn(device) {
      fake.plugIn(device);
    },
    unplug: (device) => fake.unplug(device),
    open: createOpening(usb),
    holdElsewhere(device) {
      const giveBack = fake.hold(device);
      return () => giveBack();
    },
    beSilent: () => pause(15),
    close: () => usb.close(),
  };
}

const BUSES: readonly { name: string; create: () => UsbPortBench; limits: UsbPortLimits }[] = [
  { name: 'WebUSB, simulated', create: createWebUsbBench, limits: { canBabble: true, canHold: true } },
  { name: 'node-usb', create: createNodeUsbBench, limits: { canBabble: true, canHold: true } },
];

describe.each(BUSES)('the port over $name', ({ create, limits }) => {
  it.each(USB_PORT_CONTRACT.filter(({ needs }) => !needs || limits[needs]))('$name', async ({ run }) => {
    const bench = create();
    try {
      await run(bench);
    } finally {
      await bench.close();
    }
  });
});
