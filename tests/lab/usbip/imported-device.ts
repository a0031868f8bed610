import type { PluggableDevice } from '../../../ccid/simulated/usb.ts';
import type { GadgetSetup } from '../../../ccid/simulated/usb-gadget.ts';
import { readDescriptor, readLayout } from './device-descriptors.ts';
import { InEndpoint, type TransferEnd } from './in-endpoint.ts';
import { URB_STATUS, type UrbSubmit } from './urbs.ts';

/** Standard requests (USB 2.0 §9.4). */
const REQUEST = {
  getStatus: 0,
  clearFeature: 1,
  getDescriptor: 6,
  getConfiguration: 8,
  setConfiguration: 9,
  getInterface: 10,
  setInterface: 11,
} as const;
const NOTHING = new Uint8Array();

/** A simulated device from the moment it is imported to the moment it is unplugged: carries out transfers. */
export class ImportedDevice {
  readonly #device: PluggableDevice;
  readonly #unplug: () => void;
  readonly #inEndpoints: ReadonlyMap<number, InEndpoint>;
  #configuration = 0;

  /** @param unplug called when a fault pulls the plug */
  constructor(device: PluggableDevice, unplug: () => void) {
    this.#device = device;
    this.#unplug = unplug;
    const { inEndpoints } = readLayout(device.gadget.configurationDescriptor);
    this.#inEndpoints = new Map(inEndpoints.map(([number, packetSize]) => [number, new InEndpoint(packetSize)]));
  }

  /** Carries out a transfer; `end` is called once, at once or later, unless the transfer is taken back. */
  submit(urb: UrbSubmit, data: Uint8Array, end: (end: TransferEnd) => void): void {
    if (urb.endpoint === 0) return end(this.#control(urb.setup, data));
    if (urb.direction === 'in') {
      const endpoint = this.#inEndpoints.get(urb.endpoint);
      return endpoint ? endpoint.read(urb.seqnum, urb.length, end) : end({ status: URB_STATUS.stall, data: NOTHING });
    }
    if (this.#device.countBytes(data.length)) return this.#unplug();
    const isTaken = this.#device.gadget.receive(urb.endpoint, data);
    end({ status: isTaken ? URB_STATUS.ok : URB_STATUS.stall, data: NOTHING });
  }

  /** Whether the transfer was still waiting. */
  takeBack(seqnum: number): boolean {
    return [...this.#inEndpoints.values()].some((endpoint) => endpoint.takeBack(seqnum));
  }

  /** The plug is out. */
  stop(): void {
    this.#device.gadget.stop();
  }

  #control(setup: GadgetSetup, data: Uint8Array): TransferEnd {
    const isStandard = (setup.bmRequestType & 0x60) === 0;
    const answer = isStandard ? this.#standard(setup) : this.#device.gadget.control(setup, data);
    if (!answer) return { status: URB_STATUS.stall, data: NOTHING };
    return { status: URB_STATUS.ok, data: setup.bmRequestType & 0x80 ? answer.slice(0, setup.wLength) : NOTHING };
  }

  #standard({ bmRequestType, bRequest, wValue, wIndex }: GadgetSetup): Uint8Array | undefined {
    switch (bRequest) {
      case REQUEST.getStatus:
        return Uint8Array.of(0, 0);
      case REQUEST.clearFeature:
        // ENDPOINT_HALT of an IN endpoint; the others never halt for longer than one transfer.
        if (bmRequestType === 0x02 && wValue === 0 && wIndex & 0x80) this.#inEndpoints.get(wIndex & 0x0f)?.clearHalt();
        return NOTHING;
      case REQUEST.getDescriptor:
        return readDescriptor(this.#device.gadget, wValue);
      case REQUEST.getConfiguration:
        return Uint8Array.of(this.#configuration);
      case REQUEST.setConfiguration:
        this.#begin(wValue & 0xff);
        return NOTHING;
      case REQUEST.getInterface:
        return Uint8Array.of(0);
      case REQUEST.setInterface:
        return wValue === 0 ? NOTHING : undefined;
      default:
        return undefined;
    }
  }

  /** Also what is left of a bus reset: the host configures the device anew. */
  #begin(configuration: number): void {
    const { gadget } = this.#device;
    this.#configuration = configuration;
    gadget.stop();
    for (const endpoint of this.#inEndpoints.values()) endpoint.restart();
    if (configuration === 0) return;
    gadget.start({
      send: (address, message, { zeroLengthPacket = false } = {}) => {
        if (this.#device.countBytes(message.length)) this.#unplug();
        else this.#inEndpoints.get(address & 0x0f)?.queue(message, zeroLengthPacket);
      },
      stall: (address) => this.#inEndpoints.get(address & 0x0f)?.halt(),
      babble: (address) => this.#inEndpoints.get(address & 0x0f)?.babble(),
    });
  }
}
