import { CardError } from '../errors.ts';
import { pause, systemClock, type Clock } from './clock.ts';
import { holdDevice } from './device-hold.ts';
import { DISCONNECT_GRACE_MS, pumpIn } from './in-pump.ts';
import type { UsbControlSetup, UsbDevice, UsbOutResult } from './usb-api.ts';
import { usbFailure } from './usb-failure.ts';
import type { UsbPort, UsbPortListener } from './usb-port.ts';

/** Which interface of a device to claim, and its endpoints. */
export interface UsbPortAddress {
  readonly configurationValue: number;
  readonly interfaceNumber: number;
  readonly alternateSetting: number;
  readonly bulkOut: UsbPortEndpoint;
  readonly bulkIn: UsbPortEndpoint;
  readonly interruptIn?: UsbPortEndpoint | undefined;
}

export interface UsbPortEndpoint {
  readonly endpointNumber: number;
  readonly packetSize: number;
}

export interface UsbPortOptions {
  /** Longest message the device may send, bytes; reads ask for that much, rounded up to whole packets. */
  readonly messageLengthMax: number;
  /** Send a zero-length packet behind a message that fills its last packet. Off: CCID readers expect none. */
  readonly sendsZeroLengthPacket?: boolean;
  readonly clock?: Clock;
  /** Aborted when the bus says that the device is unplugged. */
  readonly unplugged?: AbortSignal;
}

/**
 * Opens a device, claims one interface and starts to read it.
 *
 * @throws {CardError} `reader_denied`, `reader_busy`, `protected_interface`, `reader_gone`
 */
export async function openWebUsbPort(
  device: UsbDevice,
  address: UsbPortAddress,
  listener: UsbPortListener,
  options: UsbPortOptions,
): Promise<UsbPort> {
  const { interfaceNumber, alternateSetting } = address;
  const release = await holdDevice(device, address.configurationValue);
  try {
    await device.claimInterface(interfaceNumber);
    if (alternateSetting !== 0) await device.selectAlternateInterface(interfaceNumber, alternateSetting);
  } catch (cause) {
    await release();
    throw usbFailure('claim', cause);
  }
  return new WebUsbPort(device, address, release, listener, options);
}

class WebUsbPort implements UsbPort {
  readonly interfaceNumber: number;
  readonly bulkInPacketSize: number;
  readonly hasInterruptIn: boolean;
  readonly #device: UsbDevice;
  readonly #address: UsbPortAddress;
  readonly #clock: Clock;
  readonly #sendsZeroLengthPacket: boolean;
  readonly #release: () => Promise<void>;
  readonly #closed = new AbortController();
  readonly #listener: UsbPortListener;

  constructor(
    device: UsbDevice,
    address: UsbPortAddress,
    release: () => Promise<void>,
    listener: UsbPortListener,
    options: UsbPortOptions,
  ) {
    this.interfaceNumber = address.interfaceNumber;
    this.bulkInPacketSize = address.bulkIn.packetSize;
    this.hasInterruptIn = address.interruptIn !== undefined;
    this.#device = device;
    this.#address = address;
    this.#release = release;
    this.#sendsZeroLengthPacket = options.sendsZeroLengthPacket ?? false;
    this.#listener = listener;
    options.unplugged?.addEventListener('abort', () => this.#end(gone()), { signal: this.#closed.signal });
    if (options.unplugged?.aborted) queueMicrotask(() => this.#end(gone()));
    this.#clock = options.clock ?? systemClock;
    this.#pump(options);
  }

  #pump({ messageLengthMax }: UsbPortOptions): void {
    const { bulkIn, interruptIn } = this.#address;
    const closed = this.#closed.signal;
    const lengthBytes = Math.ceil(messageLengthMax / bulkIn.packetSize) * bulkIn.packetSize;
    void pumpIn(this.#device, { endpointNumber: bulkIn.endpointNumber, lengthBytes }, this.#clock, closed, {
      data: (bytes) => this.#listener.bulkIn(bytes),
      lost: (reason) => this.#listener.bulkInLost(reason),
      ended: (reason) => this.#end(reason),
    });
    if (!interruptIn) return;
    const interrupt = { endpointNumber: interruptIn.endpointNumber, lengthBytes: interruptIn.packetSize };
    void pumpIn(this.#device, interrupt, this.#clock, closed, {
      data: (bytes) => this.#listener.interruptIn(bytes),
      lost: () => {},
      ended: (reason) => (reason.code === 'reader_gone' ? this.#end(reason) : this.#listener.interruptInEnded()),
    });
  }

  bulkOut(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const fillsLastPacket = bytes.length % this.#address.bulkOut.packetSize === 0;
    if (!this.#sendsZeroLengthPacket || !fillsLastPacket) return this.#transferOut(bytes);
    return this.#transferOut(bytes).then(() => this.#transferOut(new Uint8Array()));
  }

  async #transferOut(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { endpointNumber } = this.#address.bulkOut;
    if (this.#closed.signal.aborted) throw gone();
    let result: UsbOutResult;
    // In the way of every command: without the closure that the rarer transfers can afford.
    try {
      result = await this.#device.transferOut(endpointNumber, bytes);
    } catch (cause) {
      throw await this.#failure(cause);
    }
    if (result.status === 'stall') {
      await this.#translate(() => this.#device.clearHalt('out', endpointNumber));
      throw new CardError('reader_fault', 'the reader refused a message');
    }
    if (result.bytesWritten !== bytes.length) throw new CardError('reader_fault', 'the reader took half a message');
  }

  async controlIn(setup: UsbControlSetup, length: number): Promise<Uint8Array> {
    const { status, data } = await this.#translate(() => this.#device.controlTransferIn(setup, length));
    if (status !== 'ok' || !data) throw new CardError('reader_fault', 'the reader refused a control request');
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }

  async controlOut(setup: UsbControlSetup, data?: Uint8Array): Promise<void> {
    const { status } = await this.#translate(() =>
      this.#device.controlTransferOut(setup, data && new Uint8Array(data)),
    );
    if (status !== 'ok') throw new CardError('reader_fault', 'the reader refused a control request');
  }

  async reset(): Promise<void> {
    // Windows cannot; closing is then all there is.
    await this.#device.reset().catch(() => {});
  }

  async close(): Promise<void> {
    this.#end(new CardError('reader_gone', 'the port was closed'));
    // Fails when the device is unplugged; closing it is enough then.
    await this.#device.releaseInterface(this.#address.interfaceNumber).catch(() => {});
    await this.#release();
  }

  async #translate<T>(transfer: () => Promise<T>): Promise<T> {
    if (this.#closed.signal.aborted) throw gone();
    try {
      return await transfer();
    } catch (cause) {
      throw await this.#failure(cause);
    }
  }

  async #failure(cause: unknown): Promise<CardError> {
    const failure = usbFailure('transfer', cause);
    if (failure.code === 'reader_fault') await pause(this.#clock, DISCONNECT_GRACE_MS, this.#closed.signal);
    return this.#closed.signal.aborted ? gone() : failure;
  }

  #end(reason: CardError): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#listener.ended(reason);
  }
}

function gone(): CardError {
  return new CardError('reader_gone', 'the device was unplugged');
}
