import { CardError } from '../errors.ts';
import { openCardSession } from '../protocol/card-session.ts';
import { exchangeLevel } from '../protocol/class-descriptor.ts';
import type { CcidSlot } from '../protocol/slot.ts';
import type { UsbDevice } from '../transport/usb-api.ts';
import { SlotConnection } from './card-connection.ts';
import { CardMonitor } from './card-monitor.ts';
import { connectInTurn } from './connect-in-turn.ts';
import type { CcidDevice } from './ccid-device.ts';
import type { CardConnection, CardState, Reader, ReaderFacts } from './reader.ts';
import type { ReaderSettings } from './reader-options.ts';
import { Turnstile } from './turnstile.ts';

/** How long a reader may take to finish or abort what nobody waits for any more. */
const BUSY_GRACE_MS = 3000;

/** One slot of a CCID reader. */
export class CcidReader implements Reader {
  readonly id: string;
  readonly name: string;
  readonly facts: ReaderFacts;
  readonly #device: CcidDevice;
  readonly #settings: ReaderSettings;
  readonly #monitor: CardMonitor;
  readonly #turnstile = new Turnstile();
  #connection: SlotConnection | undefined;

  constructor(usb: UsbDevice, device: CcidDevice, slot: number, settings: ReaderSettings, unplugged: AbortSignal) {
    this.#device = device;
    this.#settings = settings;
    this.facts = readerFacts(usb, device, slot);
    this.id = readerId(this.facts);
    const name = this.facts.productName ?? 'Smart card reader';
    this.name = device.ccid.descriptor.bMaxSlotIndex > 0 ? `${name} (${slot + 1})` : name;
    this.#monitor = new CardMonitor(device, slot, settings, unplugged);
    unplugged.addEventListener('abort', () => {
      this.#connection?.end(new CardError('reader_gone', 'the reader was unplugged'));
    });
    device.listen((event) => {
      const state = event.kind === 'slot-change' ? event.slots[slot] : undefined;
      if (state && (!state.isPresent || state.hasChanged))
        this.#connection?.end(new CardError('card_gone', 'the card was taken away'));
    });
  }

  watchCard(listener: (state: CardState) => void): () => void {
    return this.#monitor.watch(listener);
  }

  /** Claims the interface without touching a card. @throws {CardError} as {@link Reader.connect} about the reader */
  async claim(): Promise<void> {
    await this.#device.session();
  }

  connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<CardConnection> {
    return connectInTurn(this.#turnstile, signal, (leave) => this.#connect(leave));
  }

  async #connect(leave: () => void): Promise<SlotConnection> {
    try {
      const session = await this.#device.session();
      const slot = session.slot(this.facts.slot);
      return await this.#open(slot, await slot.powerOn(), () => session.dataRates(), leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #open(
    slot: CcidSlot,
    atr: Uint8Array,
    dataRates: () => Promise<readonly number[] | undefined>,
    leave: () => void,
  ): Promise<SlotConnection> {
    try {
      const session = await openCardSession(slot, atr, dataRates);
      const release = (idle: Promise<void>): Promise<void> => this.#release(slot, idle, leave);
      this.#connection = new SlotConnection(atr, session, this.facts.pinSupport, release, this.#settings.trace);
      return this.#connection;
    } catch (error) {
      await powerOff(slot);
      throw error;
    }
  }

  async #release(slot: CcidSlot, idle: Promise<void>, leave: () => void): Promise<void> {
    this.#connection = undefined;
    const { promise: tooLong, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#settings.clock.after(BUSY_GRACE_MS, () => resolve(false));
    void slot.abort();
    const isIdle = await Promise.race([idle.then(() => true), tooLong]);
    cancel();
    // A reader that is still busy with what nobody waits for any more is begun anew.
    if (isIdle) await powerOff(slot);
    else await this.#device.restart();
    leave();
  }

  async close(): Promise<void> {
    this.#monitor.close();
    await this.#connection?.disconnect();
    await this.#device.close();
  }
}

async function powerOff(slot: CcidSlot): Promise<void> {
  try {
    await slot.powerOff();
  } catch (error) {
    // Gone with its card or its reader: without power either way.
    if (!(error instanceof CardError)) throw error;
  }
}

function readerFacts(usb: UsbDevice, { ccid }: CcidDevice, slot: number): ReaderFacts {
  return {
    vendorId: usb.vendorId,
    productId: usb.productId,
    manufacturerName: usb.manufacturerName ?? undefined,
    productName: usb.productName ?? undefined,
    serialNumber: usb.serialNumber || undefined,
    interfaceNumber: ccid.address.interfaceNumber,
    interfaceClass: ccid.interfaceClass,
    slot,
    level: exchangeLevel(ccid.descriptor),
    pinSupport: ccid.descriptor.bPINSupport,
  };
}

function readerId({ vendorId, productId, serialNumber, interfaceNumber, slot }: ReaderFacts): string {
  const hex = (id: number): string => id.toString(16).padStart(4, '0');
  return [hex(vendorId), hex(productId), serialNumber ?? '', interfaceNumber, slot].join(':');
}
