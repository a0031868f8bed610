/// <reference types="w3c-web-usb" />
/** One dialogue over node-usb, told in lines of JSON: reports, then the result. Devices of other makers are left alone. */
import { usb } from 'usb';
import type { UsbApi } from 'webusb-ccid';
import { createNodeUsb } from 'webusb-ccid/node-usb';
import { DIALOGUES, type DialogueName } from './dialogues.ts';

const [name, vendor] = process.argv.slice(2);
const vendorId = Number(vendor);

const say = (line: object): void => console.log(JSON.stringify(line));
const all = createNodeUsb(usb);

/** Only the devices that the check is about: the machine has others. */
const some: UsbApi = {
  getDevices: async () => (await all.getDevices()).filter((device) => device.vendorId === vendorId),
  requestDevice: (options) => all.requestDevice(options),
  addEventListener: (type, listener) =>
    all.addEventListener(type, (event) => {
      if (event.device.vendorId === vendorId) listener(event);
    }),
  removeEventListener: () => undefined,
};

try {
  if (!name || !(name in DIALOGUES)) throw new RangeError(`there is no dialogue ${name}`);
  const result = await DIALOGUES[name as DialogueName](some, (what) => say({ report: what }));
  say({ result });
} catch (error) {
  say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
all.close();
process.exit(0);
