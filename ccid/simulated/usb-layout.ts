import type { UsbAlternateInterface, UsbConfiguration, UsbEndpoint } from '../transport/usb-api.ts';

const TRANSFER_TYPES = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

interface MutableAlternate extends UsbAlternateInterface {
  readonly interfaceNumber: number;
  readonly endpoints: UsbEndpoint[];
}

/** What a browser makes of a configuration descriptor: interfaces and endpoints without the class descriptors. */
export function layoutOf(configurationDescriptor: Uint8Array): UsbConfiguration {
  const view = new DataView(configurationDescriptor.buffer, configurationDescriptor.byteOffset);
  const alternates: MutableAlternate[] = [];
  for (let at = 0; at + 1 < configurationDescriptor.length;) {
    const bLength = view.getUint8(at);
    if (bLength < 2) break;
    const bDescriptorType = view.getUint8(at + 1);
    if (bDescriptorType === 4)
      alternates.push({
        interfaceNumber: view.getUint8(at + 2),
        alternateSetting: view.getUint8(at + 3),
        interfaceClass: view.getUint8(at + 5),
        interfaceSubclass: view.getUint8(at + 6),
        interfaceProtocol: view.getUint8(at + 7),
        endpoints: [],
      });
    if (bDescriptorType === 5) {
      const type = TRANSFER_TYPES[view.getUint8(at + 3) & 3];
      const bEndpointAddress = view.getUint8(at + 2);
      if (type && type !== 'control')
        alternates.at(-1)?.endpoints.push({
          endpointNumber: bEndpointAddress & 0x0f,
          direction: bEndpointAddress & 0x80 ? 'in' : 'out',
          type,
          packetSize: view.getUint16(at + 4, true),
        });
    }
    at += bLength;
  }
  const numbers = [...new Set(alternates.map((alternate) => alternate.interfaceNumber))];
  return {
    configurationValue: view.getUint8(5),
    interfaces: numbers.map((interfaceNumber) => ({
      interfaceNumber,
      alternates: alternates.filter((alternate) => alternate.interfaceNumber === interfaceNumber),
    })),
  };
}
