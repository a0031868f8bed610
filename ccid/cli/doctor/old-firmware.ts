import type { UsbDevice } from '../../transport/usb-api.ts';

/** bcdDevice of the first firmware without known faults, by idVendor and idProduct, as libccid records them. */
const FIRST_GOOD: ReadonlyMap<number, number> = new Map([
  [0x03f00036, 0x0124], // HP smart card keyboard
  [0x04e65111, 0x0620], // SCM SCR331-DI
  [0x04e65291, 0x0112], // SCM SCL010
  [0x04e6e001, 0x0516], // SCM SCR331
  [0x04e6e003, 0x0510], // SCM SPR532
  [0x058f9520, 0x0102], // Alcor AU9520
  [0x062d0001, 0x0102], // THRC
  [0x072f2200, 0x0206], // ACS ACR122U
  [0x08c30401, 0x5000], // Precise 250 MC
  [0x08c30402, 0x5000], // Precise 200 MC
  [0x09c30008, 0x0203], // ActivCard V2
  [0x0b0c0050, 0x0101], // Todos Argos Mini II
  [0x0d463001, 0x0037], // KOBIL KAAN Base
  [0x0d463002, 0x0037], // KOBIL KAAN Advanced
  [0x0dc30900, 0x0200], // Athena IDProtect Key v2
  [0x0dc31004, 0x0502], // Athena ASEDrive IIIe
  [0x0dc31102, 0x0607], // Athena ASEDrive IIIe KB
]);

type Versioned = Pick<
  UsbDevice,
  'vendorId' | 'productId' | 'deviceVersionMajor' | 'deviceVersionMinor' | 'deviceVersionSubminor'
>;

/**
 * What to say of a reader whose firmware is older than the first good one, or nothing. It is driven all the same: what
 * is wrong with it may not matter for the card at hand.
 */
export function oldFirmware(device: Versioned): string | undefined {
  const firstGood = FIRST_GOOD.get(device.vendorId * 0x10000 + device.productId);
  const own = (device.deviceVersionMajor << 8) | (device.deviceVersionMinor << 4) | device.deviceVersionSubminor;
  if (firstGood === undefined || own >= firstGood) return undefined;
  return `firmware ${words(own)} has known faults: update it to ${words(firstGood)} or newer`;
}

/** Binary-coded decimal: 0620 is 6.20. */
const words = (bcd: number): string => `${(bcd >> 8).toString(16)}.${(bcd & 0xff).toString(16).padStart(2, '0')}`;
