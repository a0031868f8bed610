import type { UsbDevice } from '../transport/usb-api.ts';

const SONY = 0x054c;

/** A contactless reader of Sony's that pages can reach, and the chip family that decides how it is spoken to. */
export interface SonyModel {
  readonly productId: number;
  readonly name: string;
  readonly family: 'rc-s380' | 'rc-s300';
}

const SONY_MODELS: readonly SonyModel[] = [
  { productId: 0x06c1, name: 'Sony RC-S380/S', family: 'rc-s380' },
  { productId: 0x06c3, name: 'Sony RC-S380/P', family: 'rc-s380' },
  { productId: 0x0dc8, name: 'Sony RC-S300/S', family: 'rc-s300' },
  { productId: 0x0dc9, name: 'Sony RC-S300/P', family: 'rc-s300' },
];

/** The row of a device, or `undefined` for everything else. */
export function sonyModel({ vendorId, productId }: UsbDevice): SonyModel | undefined {
  return vendorId === SONY ? SONY_MODELS.find((model) => model.productId === productId) : undefined;
}
