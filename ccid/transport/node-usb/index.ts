export { createNodeUsb, type NodeUsb, type NodeUsbOptions } from './node-usb.ts';
export type { NativeUsb, NativeUsbDevice } from './node-usb-api.ts';
