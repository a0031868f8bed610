import { expect, it } from 'vitest';
import { oldFirmware } from '../../../ccid/cli/doctor/old-firmware.ts';

const device = (vendorId: number, productId: number, major: number, minor: number, subminor: number) => ({
  ...{ vendorId, productId },
  ...{ deviceVersionMajor: major, deviceVersionMinor: minor, deviceVersionSubminor: subminor },
});

it('is named, with the one to update to', () => {
  expect(oldFirmware(device(0x04e6, 0x5111, 6, 1, 9))).toBe(
    'firmware 6.19 has known faults: update it to 6.20 or newer',
  );
});

it.each([
  ['the first good one', device(0x04e6, 0x5111, 6, 2, 0)],
  ['a newer one', device(0x04e6, 0x5111, 7, 0, 0)],
  ['that of a reader without known faults', device(0x04e6, 0x511a, 0, 0, 1)],
])('is not %s', (_, reader) => expect(oldFirmware(reader)).toBeUndefined());
