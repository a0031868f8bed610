import type { PluggableDevice } from '../../../ccid/simulated/usb.ts';
import type { GadgetBus, UsbGadget } from '../../../ccid/simulated/usb-gadget.ts';
import type { UsbPortAddress } from '../../../ccid/transport/webusb-port.ts';

const [OUT, IN, INTERRUPT] = [0x01, 0x82, 0x83];
const INTERFACE_CLASS = 0xff;

/** The interface of {@link createContractDevice}. */
export const CONTRACT_ADDRESS: UsbPortAddress = {
  configurationValue: 1,
  interfaceNumber: 0,
  alternateSetting: 0,
  bulkOut: { endpointNumber: 1, packetSize: 64 },
  bulkIn: { endpointNumber: 2, packetSize: 64 },
  interruptIn: { endpointNumber: 3, packetSize: 8 },
};

/** The longest message of {@link createContractDevice}, bytes. */
export const CONTRACT_MESSAGE_MAX = 512;

/** A device that does what a test says. It answers request 3 with 1, 2, 3, 4, takes request 1 and stalls all others. */
export interface ContractDevice {
  readonly pluggable: PluggableDevice;
  /** Every control request: number, wValue, data. */
  readonly controls: string[];
  /** What came over bulk OUT so far. */
  bytes(): Uint8Array;
  /** Resolves when at least so many bytes came. */
  received(count: number): Promise<void>;
  send(message: Uint8Array, options?: { readonly zeroLengthPacket?: boolean }): void;
  interrupt(message: Uint8Array): void;
  stall(): void;
  babble(): void;
  /** The next OUT transfer stalls. */
  refuseNext(): void;
}

export function createContractDevice(): ContractDevice {
  const controls: string[] = [];
  const received: number[] = [];
  const waiting: (() => void)[] = [];
  let bus: GadgetBus | undefined;
  let refuses = false;
  const gadget: UsbGadget = {
    vendorId: 0x1209,
    productId: 0x0001,
    bcdDevice: 0x0100,
    manufacturerName: 'Simulated',
    productName: 'Contract device',
    serialNumber: 'CONTRACT-1',
    configurationDescriptor: Uint8Array.from([
      9, 2, 39, 0, 1, 1, 0, 0x80, 50,
      9, 4, 0, 0, 3, INTERFACE_CLASS, 0, 0, 0,
      7, 5, OUT, 2, 64, 0, 0,
      7, 5, IN, 2, 64, 0, 0,
      7, 5, INTERRUPT, 3, 8, 0, 16,
    ]), // prettier-ignore
    start: (started) => void (bus = started),
    stop: () => void (bus = undefined),
    control({ bmRequestType, bRequest, wValue }, data) {
      const isIn = bmRequestType === 0xa1 && bRequest === 3;
      if (!isIn && !(bmRequestType === 0x21 && bRequest === 1)) return undefined;
      controls.push(`${bRequest} ${wValue.toString(16).padStart(4, '0')} ${data.join()}`);
      return isIn ? Uint8Array.of(1, 2, 3, 4) : new Uint8Array();
    },
    receive(_endpoint, bytes) {
      if (refuses) {
        refuses = false;
        return false;
      }
      received.push(...bytes);
      for (const wake of waiting.splice(0)) wake();
      return true;
    },
  };
  return {
    pluggable: { gadget, isHeldElsewhere: () => false, countBytes: () => false },
    controls,
    bytes: () => Uint8Array.from(received),
    async received(count) {
      while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    send: (message, options) => bus?.send(IN, message, options),
    interrupt: (message) => bus?.send(INTERRUPT, message),
    stall: () => bus?.stall(IN),
    babble: () => bus?.babble(IN),
    refuseNext: () => void (refuses = true),
  };
}
