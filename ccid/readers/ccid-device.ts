import { CardError } from '../errors.ts';
import { readDataRates } from '../protocol/class-requests.ts';
import { parseInterrupt, type CcidInterrupt } from '../protocol/interrupts.ts';
import { CcidLink } from '../protocol/link.ts';
import { CcidSlot, DEFAULT_SLOT_TIMEOUTS, type PowerOnManner } from '../protocol/slot.ts';
import type { UsbDevice } from '../transport/usb-api.ts';
import type { UsbPort } from '../transport/usb-port.ts';
import { openWebUsbPort } from '../transport/webusb-port.ts';
import type { CcidInterface } from './ccid-interface.ts';
import type { ReaderSettings } from './reader-options.ts';

/** A claimed CCID interface. */
export interface CcidSession {
  /** Whether slot changes are told by the reader; `false` also after its interrupt endpoint failed. */
  hasInterrupts(): boolean;
  slot(bSlot: number): CcidSlot;
  /** The list of GET_DATA_RATES, or `undefined` when the reader has none. */
  dataRates(): Promise<readonly number[] | undefined>;
}

export type InterruptListener = (event: CcidInterrupt | { readonly kind: 'ended' }) => void;

interface OpenInterface {
  readonly session: Promise<CcidSession>;
  isUsable: boolean;
  hasInterrupts: boolean;
  readonly close: (isHung: boolean) => Promise<void>;
}

/** A message may be as long as a short APDU even where the descriptor says less: SCM readers say 263 and take 271. */
const MESSAGE_LENGTH_MIN = 271;

/** One CCID interface of an attached device, shared by its slots: claimed on first need, and anew after a failure. */
export class CcidDevice {
  readonly ccid: CcidInterface;
  readonly #device: UsbDevice;
  readonly #settings: ReaderSettings;
  readonly #unplugged: AbortSignal;
  readonly #powerOn: PowerOnManner | undefined;
  readonly #listeners = new Set<InterruptListener>();
  #open: OpenInterface | undefined;

  constructor(
    device: UsbDevice,
    ccid: CcidInterface,
    settings: ReaderSettings,
    unplugged: AbortSignal,
    powerOn?: PowerOnManner,
  ) {
    this.#device = device;
    this.ccid = ccid;
    this.#settings = settings;
    this.#unplugged = unplugged;
    this.#powerOn = powerOn;
  }

  get isGone(): boolean {
    return this.#unplugged.aborted;
  }

  /** @throws {CardError} `reader_gone`, `reader_busy`, `reader_denied`, `protected_interface`, `reader_fault` */
  async session(): Promise<CcidSession> {
    if (this.isGone) throw new CardError('reader_gone', 'the reader was unplugged');
    if (this.#open && !this.#open.isUsable) await this.restart();
    this.#open ??= this.#claim();
    const opening = this.#open;
    try {
      return await opening.session;
    } catch (error) {
      if (this.#open === opening) this.#open = undefined;
      throw error;
    }
  }

  #claim(): OpenInterface {
    const { descriptor, address } = this.ccid;
    const { clock, trace } = this.#settings;
    const timeouts = { ...DEFAULT_SLOT_TIMEOUTS, ...this.#settings.timeouts };
    const messageLengthMax = Math.max(descriptor.dwMaxCCIDMessageLength, MESSAGE_LENGTH_MIN);
    const link = new CcidLink({
      messageLengthMax,
      bulkInPacketSize: address.bulkIn.packetSize,
      clock,
      abortTimeoutMs: timeouts.statusMs,
      trace,
      onInterrupt: (bytes) => this.#interrupt(bytes),
      onBroken: () => (open.isUsable = false),
      onInterruptEnded: () => {
        open.hasInterrupts = false;
        this.#emit({ kind: 'ended' });
      },
    });
    const opened = openWebUsbPort(this.#device, address, link, { messageLengthMax, clock, unplugged: this.#unplugged });
    const session = opened.then((port): CcidSession => {
      link.attach(port);
      let rates: Promise<readonly number[] | undefined> | undefined;
      return {
        hasInterrupts: () => open.hasInterrupts && port.hasInterruptIn,
        slot: (bSlot) => new CcidSlot(link, bSlot, descriptor, timeouts, this.#powerOn),
        dataRates: () => (rates ??= readDataRates(port, descriptor)),
      };
    });
    const close = async (isHung: boolean): Promise<void> => {
      const port: UsbPort | undefined = await opened.catch(() => undefined);
      if (isHung) await port?.reset();
      await port?.close();
    };
    const open: OpenInterface = { session, isUsable: true, hasInterrupts: true, close };
    return open;
  }

  /** Gives the interface back; what is under way fails with `reader_gone`. Never rejects. */
  close(): Promise<void> {
    return this.#close(false);
  }

  /** The same with a reader that does not react any more: it is reset, and claimed anew on the next need. */
  restart(): Promise<void> {
    return this.#close(true);
  }

  async #close(isHung: boolean): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.close(isHung);
  }

  /** Passes on what the interrupt endpoint says, while the interface is claimed. */
  listen(listener: InterruptListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #interrupt(bytes: Uint8Array): void {
    try {
      this.#emit(parseInterrupt(bytes));
    } catch (error) {
      // Vendors send messages of their own on this endpoint.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  #emit(event: Parameters<InterruptListener>[0]): void {
    for (const listener of this.#listeners) listener(event);
  }
}
