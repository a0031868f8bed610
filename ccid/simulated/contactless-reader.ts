import type { SimulatedCard } from './card.ts';
import type { ContactlessBehaviour } from './devices/contactless-card.ts';
import { ContactlessFaults } from './devices/contactless-faults.ts';
import { ContactlessField } from './devices/contactless-field.ts';
import { RcS300Gadget, type RcS300Variant } from './devices/rc-s300-gadget.ts';
import { RcS380Gadget } from './devices/rc-s380-gadget.ts';
import type { PluggableDevice } from './usb.ts';
import type { UsbGadget } from './usb-gadget.ts';

export interface SimulatedContactlessOptions {
  /** `''` for a device without one, which browsers forget when it is unplugged. */
  readonly serialNumber?: string;
  /** How every card laid on this reader shows itself. */
  readonly card?: ContactlessBehaviour;
}

export interface SimulatedRcS300Options extends SimulatedContactlessOptions {
  /** How the vendor interface treats ISO-DEP. Default `blocks`. */
  readonly variant?: RcS300Variant;
}

/** A simulated contactless reader: plug `device` into a {@link SimulatedUsb}, lay a card on it, order faults. */
export interface SimulatedContactlessReader {
  readonly device: PluggableDevice;
  /** Lays a Type B card on the reader; one that is there already is taken away first. */
  insert(card: SimulatedCard): void;
  remove(): void;
  readonly faults: ContactlessFaults;
}

/** A simulated Sony RC-S380. */
export function createSimulatedRcS380(options: SimulatedContactlessOptions = {}): SimulatedContactlessReader {
  return create(options, (...parts) => new RcS380Gadget(...parts));
}

/** A simulated Sony RC-S300. */
export function createSimulatedRcS300({
  variant = 'blocks',
  ...options
}: SimulatedRcS300Options = {}): SimulatedContactlessReader {
  return create(options, (...parts) => new RcS300Gadget(variant, ...parts));
}

function create(
  { serialNumber = 'SIM-0001', card: behaviour = {} }: SimulatedContactlessOptions,
  createGadget: (field: ContactlessField, faults: ContactlessFaults, serialNumber: string | undefined) => UsbGadget,
): SimulatedContactlessReader {
  const faults = new ContactlessFaults();
  const field = new ContactlessField(faults, behaviour);
  return {
    device: {
      gadget: createGadget(field, faults, serialNumber || undefined),
      isHeldElsewhere: () => faults.isHeldElsewhere,
      countBytes: (count) => faults.countBytes(count),
    },
    insert(card) {
      field.remove();
      field.insert(card);
    },
    remove: () => field.remove(),
    faults,
  };
}
