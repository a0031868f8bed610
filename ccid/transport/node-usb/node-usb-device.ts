import type { UsbConfiguration, UsbControlSetup, UsbDevice, UsbInResult, UsbOutResult } from '../usb-api.ts';
import { type InEndpointAddress, readInTransfer, type ReadTimes } from './in-transfer.ts';
import { createHold, track, untilAborted, type Hold } from './interface-hold.ts';
import { transferOutcome, type NativeUsbDevice } from './node-usb-api.ts';

/** Longest that a device may take a message or a control request, milliseconds. */
const TRANSFER_MS = 5000;

/** A claimed interface, from claiming to releasing. */
interface Claim {
  readonly closed: AbortController;
}

/**
 * A device of node-usb that behaves as WebUSB says: reads wait without limit and are cancelled by releasing or closing,
 * stalls are results, closing gives the interfaces back, and properties never throw.
 */
export class NodeUsbDevice implements UsbDevice {
  readonly native: NativeUsbDevice;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceClass: number;
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  readonly deviceVersionSubminor: number;
  readonly manufacturerName: string | undefined;
  readonly productName: string | undefined;
  readonly serialNumber: string | undefined;
  readonly #times: ReadTimes;
  readonly #createAnother: () => Promise<NativeUsbDevice | undefined>;
  readonly #claims = new Map<number, Claim>();
  readonly #holds = new Map<number, Hold>();
  #isOpen = false;
  /** Longer than `#isOpen`, while a read is under way. */
  #isNativeOpen = false;
  /** Whether an interface is claimed through `native`. */
  #isNativeTaken = false;
  /** Asked for once: node-usb reads them anew from the device at every look. */
  #configurations: readonly UsbConfiguration[] | undefined;
  #configurationValue: number | undefined;

  /**
   * Whatever may be asked while a read waits is copied: node-usb then refuses every look at its own properties.
   *
   * @param createAnother another of node-usb's objects for the same device; `undefined` when the device is gone
   */
  constructor(native: NativeUsbDevice, times: ReadTimes, createAnother: () => Promise<NativeUsbDevice | undefined>) {
    this.native = native;
    this.#times = times;
    this.#createAnother = createAnother;
    this.vendorId = native.vendorId;
    this.productId = native.productId;
    this.deviceClass = native.deviceClass;
    this.deviceVersionMajor = native.deviceVersionMajor;
    this.deviceVersionMinor = native.deviceVersionMinor;
    this.deviceVersionSubminor = native.deviceVersionSubminor;
    this.manufacturerName = quietly(() => native.manufacturerName) ?? undefined;
    this.productName = quietly(() => native.productName) ?? undefined;
    this.serialNumber = quietly(() => native.serialNumber) ?? undefined;
  }

  get opened(): boolean {
    return this.#isOpen;
  }

  /** Empty as long as the system does not let the device be opened. */
  get configurations(): readonly UsbConfiguration[] {
    this.#configurations ??= quietly(() => this.native.configurations);
    return this.#configurations ?? [];
  }

  get configuration(): UsbConfiguration | undefined {
    this.#configurationValue ??= quietly(() => this.native.configuration?.configurationValue);
    return this.configurations.find(({ configurationValue }) => configurationValue === this.#configurationValue);
  }

  async open(): Promise<void> {
    if (!this.#isNativeOpen) {
      await this.native.open();
      this.#isNativeOpen = true;
      this.#configurationValue = quietly(() => this.native.configuration?.configurationValue);
    }
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    for (const interfaceNumber of this.#claims.keys())
      // Gone with its device; there is nothing to give back then.
      await this.releaseInterface(interfaceNumber).catch(() => {});
    this.#isOpen = false;
    await this.#closeWhenIdle();
  }

  async #closeWhenIdle(): Promise<void> {
    if (this.#isOpen || this.#holds.size > 0 || !this.#isNativeOpen) return;
    this.#isNativeOpen = false;
    await this.native.close();
  }

  async selectConfiguration(configurationValue: number): Promise<void> {
    await this.native.selectConfiguration(configurationValue);
    this.#configurationValue = configurationValue;
  }

  async claimInterface(interfaceNumber: number): Promise<void> {
    if (this.#claims.has(interfaceNumber)) return;
    await this.#holds.get(interfaceNumber)?.releasing?.catch(() => {});
    const kept = this.#holds.get(interfaceNumber);
    if (kept) kept.isWanted = true;
    else this.#holds.set(interfaceNumber, await this.#claimNative(interfaceNumber));
    this.#claims.set(interfaceNumber, { closed: new AbortController() });
  }

  /**
   * The first interface is claimed through the object that the bus handed out, every further one through an object of
   * its own: while a read waits, and one always does, node-usb claims nothing through the same object.
   */
  async #claimNative(interfaceNumber: number): Promise<Hold> {
    const isFirst = !this.#isNativeTaken;
    this.#isNativeTaken = true;
    const native = isFirst ? this.native : await this.#openAnother();
    try {
      await native.claimInterface(interfaceNumber);
    } catch (error) {
      await this.#letGo(native);
      throw error;
    }
    return createHold(native);
  }

  async #openAnother(): Promise<NativeUsbDevice> {
    const another = await this.#createAnother();
    if (!another) throw new DOMException('The device was disconnected.', 'NotFoundError');
    await another.open();
    return another;
  }

  async #letGo(native: NativeUsbDevice): Promise<void> {
    if (native === this.native) this.#isNativeTaken = false;
    // Gone with its device, at the worst.
    else await native.close().catch(() => {});
  }

  /** The system has the interface back when the last read is over, at the latest when its time is up. */
  async releaseInterface(interfaceNumber: number): Promise<void> {
    const claim = this.#claims.get(interfaceNumber);
    const hold = this.#holds.get(interfaceNumber);
    if (!claim || !hold) throw new DOMException('The specified interface has not been claimed.', 'InvalidStateError');
    this.#claims.delete(interfaceNumber);
    claim.closed.abort();
    hold.isWanted = false;
    if (hold.underWay.size === 0) return this.#giveBack(interfaceNumber, hold);
    void Promise.allSettled(hold.underWay).then(() => {
      if (!hold.isWanted && !hold.releasing && hold.underWay.size === 0)
        // There is nobody left to tell.
        this.#giveBack(interfaceNumber, hold).catch(() => {});
    });
  }

  async #giveBack(interfaceNumber: number, hold: Hold): Promise<void> {
    hold.releasing = hold.native.releaseInterface(interfaceNumber);
    try {
      await hold.releasing;
    } finally {
      this.#holds.delete(interfaceNumber);
      await this.#letGo(hold.native);
      await this.#closeWhenIdle();
    }
  }

  selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void> {
    const native = this.#holds.get(interfaceNumber)?.native ?? this.native;
    return native.selectAlternateInterface(interfaceNumber, alternateSetting);
  }

  async controlTransferIn(setup: UsbControlSetup, length: number): Promise<UsbInResult> {
    const native = this.#nativeFor(setup);
    const transfer = (): Promise<UsbInResult> => native.controlTransferIn(setup, length, TRANSFER_MS);
    return stallAsResult(() => (this.#claims.size > 0 ? transfer() : this.#withBorrowedInterface(transfer)), {
      status: 'stall',
    });
  }

  async controlTransferOut(setup: UsbControlSetup, data = new Uint8Array()): Promise<UsbOutResult> {
    return stallAsResult(() => this.#nativeFor(setup).controlTransferOut(setup, data, TRANSFER_MS), {
      status: 'stall',
      bytesWritten: 0,
    });
  }

  /** Control requests need a claimed interface of the same object, those to an interface that very one. */
  #nativeFor({ recipient, index }: UsbControlSetup): NativeUsbDevice {
    const [any] = this.#claims.keys();
    const interfaceNumber = recipient === 'interface' ? index & 0xff : any;
    const hold = interfaceNumber === undefined ? undefined : this.#holds.get(interfaceNumber);
    return hold?.native ?? this.native;
  }

  /** Control requests go through a claimed interface, whichever it is. */
  async #withBorrowedInterface<T>(transfer: () => Promise<T>): Promise<T> {
    const interfaces = this.configuration?.interfaces ?? [];
    let failure: unknown = new DOMException('The device has no interface.', 'InvalidStateError');
    for (const { interfaceNumber } of interfaces) {
      try {
        await this.native.claimInterface(interfaceNumber);
      } catch (error) {
        failure = error;
        continue;
      }
      try {
        return await transfer();
      } finally {
        await this.native.releaseInterface(interfaceNumber);
      }
    }
    throw failure;
  }

  async clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void> {
    await this.#endpoint(direction, endpointNumber).hold.native.clearHalt(direction, endpointNumber);
  }

  async transferIn(endpointNumber: number, length: number): Promise<UsbInResult> {
    const { claim, hold, packetSize } = this.#endpoint('in', endpointNumber);
    for (;;) {
      const read = this.#read(hold, { endpointNumber, packetSize }, length);
      try {
        return await untilAborted(read, claim.closed.signal);
      } catch (error) {
        // A read of an earlier claim that ended as nobody wanted it any more.
        const isOld = error instanceof DOMException && error.name === 'AbortError' && !claim.closed.signal.aborted;
        if (!isOld) throw error;
      }
    }
  }

  /** The read under way, or a new one. */
  #read(hold: Hold, endpoint: InEndpointAddress, length: number): Promise<UsbInResult> {
    const { endpointNumber } = endpoint;
    const underWay = hold.reads.get(endpointNumber);
    if (underWay) return underWay;
    const closed = {
      get aborted() {
        return !hold.isWanted;
      },
    };
    const read = readInTransfer(hold.native, endpoint, length, this.#times, closed).finally(() =>
      hold.reads.delete(endpointNumber),
    );
    hold.reads.set(endpointNumber, read);
    return track(hold, read);
  }

  async transferOut(endpointNumber: number, data: Uint8Array<ArrayBuffer>): Promise<UsbOutResult> {
    const { claim, hold } = this.#endpoint('out', endpointNumber);
    const transfer = track(hold, hold.native.transferOut(endpointNumber, data, TRANSFER_MS));
    return stallAsResult(() => untilAborted(transfer, claim.closed.signal), { status: 'stall', bytesWritten: 0 });
  }

  reset(): Promise<void> {
    return this.native.reset();
  }

  #endpoint(direction: 'in' | 'out', endpointNumber: number): { claim: Claim; hold: Hold; packetSize: number } {
    for (const { interfaceNumber, alternates } of this.configuration?.interfaces ?? [])
      for (const { endpoints } of alternates)
        for (const endpoint of endpoints) {
          const claim = this.#claims.get(interfaceNumber);
          const hold = this.#holds.get(interfaceNumber);
          if (claim && hold && endpoint.direction === direction && endpoint.endpointNumber === endpointNumber)
            return { claim, hold, packetSize: endpoint.packetSize };
        }
    throw new DOMException('The specified endpoint is not part of a claimed interface.', 'NotFoundError');
  }
}

async function stallAsResult<T>(transfer: () => Promise<T>, stalled: T): Promise<T> {
  try {
    return await transfer();
  } catch (error) {
    if (transferOutcome(error) === 'stalled') return stalled;
    throw error;
  }
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
