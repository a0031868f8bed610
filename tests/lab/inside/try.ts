import { createSimulatedReader } from 'webusb-ccid/simulated';
import { createMyNumberCard } from './cards.ts';
import { openUsbSockets } from './usb-sockets.ts';
const sockets = await openUsbSockets();
const reader = createSimulatedReader({ interfaceClass: 0x0b });
reader.insert(createMyNumberCard());
console.log('start');
await sockets.plugIn(reader.device);
console.log('in');
