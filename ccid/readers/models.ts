import { FEATURE, type CcidClassDescriptor } from '../protocol/class-descriptor.ts';
import type { PowerOnManner, SlotTimeouts } from '../protocol/slot.ts';

/** What a model does otherwise than its descriptor says. Identifiers and behaviour as libccid records them. */
export interface ReaderModel {
  /** idVendor and idProduct, one behind the other: `0x04e6511a`. */
  readonly id: number;
  readonly name: string;
  /** What the product calls itself, where others bear the same id. */
  readonly productName?: string;
  /** Fields of the class descriptor that are wrong, and what is right. */
  readonly descriptor?: Partial<CcidClassDescriptor>;
  /** The firmware carries long commands itself although the descriptor says TPDU or short APDU. */
  readonly level?: 'short-apdu' | 'extended-apdu';
  readonly timeouts?: Partial<SlotTimeouts>;
  readonly powerOn?: PowerOnManner;
  /** S(IFS) confuses it. */
  readonly skipsIfsd?: boolean;
  /** PPS confuses it: the card stays at the default speed. */
  readonly skipsPps?: boolean;
}

/** Claims PIN entry, and lets the digits pass through the host or has no keys at all. */
const NO_PIN_PAD = { descriptor: { bPINSupport: 0 } } as const;
/** SCM's 263 is eight bytes short of a short APDU's message; what it takes is 271. */
const SHORT_MESSAGE_LENGTH = { descriptor: { dwMaxCCIDMessageLength: 271 } } as const;
/** Refuses cards that are no payment cards until it is told to stop. */
const EMV_MODE = { powerOn: { leavesEmvMode: true } } as const;
/** The slot status of an empty field, or the first answer, takes up to a second. */
const SLOW_STATUS = { timeouts: { statusMs: 5000 } } as const;

/** Readers that need to be known; every other one is driven by its descriptor alone. */
export const READER_MODELS: readonly ReaderModel[] = [
  { id: 0x03f01024, name: 'HP smart card keyboard', ...NO_PIN_PAD },
  { id: 0x03f00036, name: 'HP CCID smart card keyboard', ...NO_PIN_PAD },
  { id: 0x046a0005, name: 'Cherry xx33', ...EMV_MODE },
  { id: 0x046a00a1, name: 'Cherry KC 1000 SC', level: 'extended-apdu' },
  { id: 0x046a00a7, name: 'Cherry Smart Terminal xx44', level: 'extended-apdu', ...NO_PIN_PAD },
  { id: 0x04e65111, name: 'SCM SCR331-DI', ...SHORT_MESSAGE_LENGTH },
  { id: 0x04e6511a, name: 'SCM SCR3310-NTTCom' },
  { id: 0x04e65120, name: 'SCM SCR331-DI-NTTCom', ...SHORT_MESSAGE_LENGTH },
  { id: 0x04e65293, name: 'SCM SCL011', ...SLOW_STATUS },
  { id: 0x04e65724, name: 'Identiv uTrust 4701 F', ...SLOW_STATUS },
  { id: 0x04e65790, name: 'Identiv uTrust 3700 F', ...SLOW_STATUS },
  { id: 0x04e65791, name: 'Identiv uTrust 3701 F', ...SLOW_STATUS },
  { id: 0x04f21469, name: 'Chicony HP Skylab keyboard', ...NO_PIN_PAD },
  { id: 0x05290620, name: 'SafeNet eToken 5100', skipsIfsd: true },
  { id: 0x058f9540, name: 'Alcor Micro AU9540', descriptor: { dwMaxDataRate: 200_000 } },
  { id: 0x072f2200, name: 'ACS ACR122U', ...SLOW_STATUS },
  { id: 0x076b3031, name: 'HID OMNIKEY 3x21', level: 'extended-apdu', ...NO_PIN_PAD },
  { id: 0x076b3821, name: 'HID OMNIKEY 3821', level: 'extended-apdu' },
  { id: 0x076b3a21, name: 'HID Aviator', level: 'extended-apdu', ...NO_PIN_PAD },
  { id: 0x076b6632, name: 'HID OMNIKEY 6121', level: 'extended-apdu', ...NO_PIN_PAD },
  { id: 0x07830006, name: 'C3PO LTC31 v2', ...NO_PIN_PAD },
  // Says T=0 at TPDU level under the id of Gemalto's GemPC433, and hands what it gets to the card as it is.
  { id: 0x08e64433, name: "QEMU's usb-ccid", productName: 'QEMU USB CCID', level: 'extended-apdu' },
  { id: 0x08e64433, name: 'Gemplus GemPC433', ...EMV_MODE },
  { id: 0x09be0002, name: 'MySmartPad', descriptor: { dwMaxIFSD: 254 } },
  { id: 0x09d80427, name: 'Elatec TWN4 CCID CDC', ...SLOW_STATUS },
  { id: 0x09d80428, name: 'Elatec TWN4 CCID', ...SLOW_STATUS },
  { id: 0x0b810200, name: 'CL1356D', timeouts: { statusMs: 60_000, transferMs: 60_000 } },
  { id: 0x0b977762, name: 'O2Micro OZ776', descriptor: { dwMaxDataRate: 9600 }, skipsPps: true },
  { id: 0x0b977772, name: 'O2Micro OZ776', descriptor: { dwMaxDataRate: 9600 }, skipsPps: true },
  { id: 0x0bf81017, name: 'Fujitsu smart card keyboard', ...NO_PIN_PAD },
  { id: 0x0bf81024, name: 'Fujitsu D323', level: 'extended-apdu', ...NO_PIN_PAD },
  { id: 0x0d463010, name: 'KOBIL Tribank', level: 'short-apdu' },
  // A card with a plug, which answers no second time.
  { id: 0x0d46301d, name: 'KOBIL IDToken', powerOn: { isOffFirst: true } },
  { id: 0x1fc9010b, name: 'NXP PN7362AU', level: 'extended-apdu' },
  { id: 0x25dd3111, name: 'bit4id miniLector', ...NO_PIN_PAD },
];

/** The row of a device, or `undefined` for readers without peculiarities. */
export function readerModel(vendorId: number, productId: number, productName?: string | null): ReaderModel | undefined {
  return READER_MODELS.find(
    (model) =>
      model.id === vendorId * 0x10000 + productId &&
      (model.productName === undefined || model.productName === productName),
  );
}

const LEVEL_BITS = FEATURE.TPDU | FEATURE.SHORT_APDU | FEATURE.EXTENDED_APDU;

/** The descriptor as the reader really behaves. */
export function correctDescriptor(
  descriptor: CcidClassDescriptor,
  model: ReaderModel | undefined,
): CcidClassDescriptor {
  if (!model) return descriptor;
  const levelBit = model.level === 'extended-apdu' ? FEATURE.EXTENDED_APDU : FEATURE.SHORT_APDU;
  const level = model.level ? (descriptor.dwFeatures & ~LEVEL_BITS) | levelBit : descriptor.dwFeatures;
  // A PPS or S(IFS) that must not be sent counts as the reader's own business.
  const dwFeatures = level | (model.skipsPps ? FEATURE.AUTO_PPS : 0) | (model.skipsIfsd ? FEATURE.AUTO_IFSD : 0);
  return { ...descriptor, ...model.descriptor, dwFeatures };
}
