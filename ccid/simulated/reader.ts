import type { SimulatedCard } from './card.ts';
import { LEVELS, type PowerOnManner, type SimulatedLevel } from './devices/ccid-descriptors.ts';
import { CcidGadget } from './devices/ccid-gadget.ts';
import type { ProcedureStyle } from './devices/character-card.ts';
import type { SimulatedKeypad } from './devices/keypad.ts';
import { ReaderFaults } from './faults.ts';
import type { PluggableDevice } from './usb.ts';

export interface SimulatedReaderOptions {
  /** How much of ISO 7816 the reader leaves to the host. Default `extended-apdu`. */
  readonly level?: SimulatedLevel;
  readonly vendorId?: number;
  readonly productId?: number;
  readonly productName?: string;
  /** `''` for a device without one, which browsers forget when it is unplugged. */
  readonly serialNumber?: string;
  /** Whether insertion and removal are told on an interrupt endpoint. Default true. */
  readonly slotChangeInterrupt?: boolean;
  /** FF, which pages may claim, or 0B, which they may not. Default FF. */
  readonly interfaceClass?: 0x0b | 0xff;
  readonly slotCount?: number;
  /** Replaces the level's own dwFeatures; the level bits must stay. */
  readonly dwFeatures?: number;
  readonly dwProtocols?: number;
  readonly messageLengthMax?: number;
  readonly maxIfsd?: number;
  /** Bits: 1 = 5 V, 2 = 3 V, 4 = 1.8 V. */
  readonly voltageSupport?: number;
  /** bPowerSelect that the cards need: 1 5 V, 2 3 V, 3 1.8 V; any when left out. */
  readonly cardPowerSelect?: 1 | 2 | 3;
  /** What the reader wants before it switches a card on: nothing, Escape 1F 01 once, or to switch it off first. */
  readonly powerOnManner?: PowerOnManner;
  /** What GET_DATA_RATES lists, bps. */
  readonly dataRates?: readonly number[];
  /** How T=0 cards ask for their data at character level. */
  readonly procedureStyle?: ProcedureStyle;
  /** Whether the reader knows how to abort a command. Default true. */
  readonly canAbort?: boolean;
  /** Bits: 1 = PIN verification, 2 = modification on the reader's keys. */
  readonly pinSupport?: number;
  /** The class descriptor stands behind the last endpoint. */
  readonly isDescriptorLast?: boolean;
}

/** A simulated CCID reader: plug `device` into a {@link SimulatedUsb}, lay cards on it, order faults. */
export interface SimulatedReader {
  readonly device: PluggableDevice;
  /** Lays a card into a slot; one that is there already is taken away first. */
  insert(card: SimulatedCard, slot?: number): void;
  /** Takes the card away. */
  remove(slot?: number): void;
  readonly faults: ReaderFaults;
  /** What the person at the reader's own keys will type. */
  readonly keypad: SimulatedKeypad;
}

export function createSimulatedReader(options: SimulatedReaderOptions = {}): SimulatedReader {
  const faults = new ReaderFaults();
  const keypad: SimulatedKeypad = { entries: [] };
  const level = LEVELS[options.level ?? 'extended-apdu'];
  const gadget = new CcidGadget(
    {
      // The test range of pid.codes: no product has it.
      vendorId: options.vendorId ?? 0x1209,
      productId: options.productId ?? 0x0001,
      productName: options.productName ?? 'Simulated reader',
      serialNumber: (options.serialNumber ?? 'SIM-0001') || undefined,
    },
    {
      interfaceClass: options.interfaceClass ?? 0xff,
      slotCount: options.slotCount ?? 1,
      dwProtocols: options.dwProtocols ?? level.dwProtocols,
      dwFeatures: options.dwFeatures ?? level.dwFeatures,
      dwMaxIFSD: options.maxIfsd ?? 254,
      dwMaxCCIDMessageLength: options.messageLengthMax ?? level.dwMaxCCIDMessageLength,
      bVoltageSupport: options.voltageSupport ?? 7,
      bPINSupport: options.pinSupport ?? 0,
      cardPowerSelect: options.cardPowerSelect ?? 0,
      powerOnManner: options.powerOnManner ?? 'plain',
      dataRates: options.dataRates ?? [],
      procedureStyle: options.procedureStyle ?? 'all',
      canAbort: options.canAbort ?? true,
      hasInterrupt: options.slotChangeInterrupt ?? true,
      isDescriptorLast: options.isDescriptorLast ?? false,
    },
    faults,
    keypad,
  );
  return {
    device: {
      gadget,
      isHeldElsewhere: () => faults.isHeldElsewhere,
      countBytes: (count) => faults.countBytes(count),
    },
    insert(card, slot = 0) {
      gadget.remove(slot);
      gadget.insert(card, slot);
    },
    remove: (slot = 0) => gadget.remove(slot),
    faults,
    keypad,
  };
}
