import {
  composeDevices,
  createSimulatedRcS300,
  createSimulatedReader,
  type SimulatedReaderOptions,
} from 'webusb-ccid/simulated';
import type { Tapped } from '../client/dialogues.ts';
import { createMyNumberCard, overProtocol } from './cards.ts';
import type { Check } from './check.ts';
import { converseInNode } from './node-usb-client.ts';
import { readThroughOpenSc, startPcsc } from './pcsc.ts';
import { expectTap } from './verdicts.ts';

/** By which pcscd's names for its readers tell ours. */
const SERIAL_NUMBER = 'LAB-0001';
/** An Identive CLOUD 2700 R, of which libccid has nothing to say: it drives by the descriptor what bears its ids. */
const UNSUSPICIOUS = { vendorId: 0x04e6, productId: 0x5810, interfaceClass: 0x0b } as const;

/** Readers of ours that libccid is to drive, under ids that it knows: Debian's drives no others. */
const READERS: readonly (SimulatedReaderOptions & {
  readonly name: string;
  readonly title: string;
  /** Of a card that offers this one alone; both are offered otherwise. */
  readonly protocol?: 'T=0' | 'T=1';
})[] = [
  { name: 'extended-apdu', title: 'a reader at extended APDU level', level: 'extended-apdu', ...UNSUSPICIOUS },
  { name: 'short-apdu', title: 'a reader at short APDU level', level: 'short-apdu', ...UNSUSPICIOUS },
  {
    name: 'tpdu-t1',
    title: 'a reader at TPDU level that speaks T=1',
    level: 'tpdu-t1',
    protocol: 'T=1',
    ...UNSUSPICIOUS,
  },
  {
    name: 'tpdu-t0',
    title: 'a reader at TPDU level that speaks T=0',
    level: 'tpdu-t0',
    protocol: 'T=0',
    ...UNSUSPICIOUS,
  },
  {
    name: 'character-t1',
    title: 'a reader at character level, T=1',
    level: 'character',
    protocol: 'T=1',
    ...UNSUSPICIOUS,
  },
  {
    name: 'character-t0',
    title: 'a reader at character level, T=0',
    level: 'character',
    protocol: 'T=0',
    ...UNSUSPICIOUS,
  },
  { name: 'polled', title: 'a reader without interrupts', slotChangeInterrupt: false, ...UNSUSPICIOUS },
  {
    name: 'vendor-class',
    title: 'a reader of class FF, as the SCR3310-NTTCom is',
    level: 'tpdu-t1',
    protocol: 'T=1',
    vendorId: 0x04e6,
    productId: 0x511a,
    interfaceClass: 0xff,
  },
];

const drivers: readonly Check[] = READERS.map(({ name, title, protocol, ...options }) => ({
  name: `pcsc/${name}`,
  title: `libccid and OpenSC read a certificate through ${title}`,
  async run({ sockets }) {
    const reader = createSimulatedReader({ ...options, serialNumber: SERIAL_NUMBER });
    const card = createMyNumberCard();
    reader.insert(protocol ? overProtocol(card, protocol) : card);
    const pcsc = await startPcsc();
    try {
      await sockets.plugIn(reader.device);
      const number = await pcsc.findReader(SERIAL_NUMBER);
      return await readThroughOpenSc(pcsc, number);
    } finally {
      await sockets.detach();
      await pcsc.stop();
    }
  },
}));

/** Sony's ids, under which libccid knows it as "SONY FeliCa RC-S300/P", and its two interfaces. */
const RC_S300 = { vendorId: 0x054c, productId: 0x0dc9, productName: 'RC-S300/P', serialNumber: SERIAL_NUMBER } as const;

const rcS300: Check = {
  name: 'pcsc/rc-s300',
  title: 'libccid has the smart card interface of an RC-S300 while our driver taps on its vendor interface',
  async run({ sockets }) {
    const [smartCard, vendor] = [createSimulatedReader({ interfaceClass: 0x0b }), createSimulatedRcS300()];
    for (const reader of [smartCard, vendor]) reader.insert(createMyNumberCard());
    const device = composeDevices(RC_S300, [smartCard, { device: vendor.device, interfaceClass: 0xff }]);
    const pcsc = await startPcsc();
    try {
      await sockets.plugIn(device);
      const read = await readThroughOpenSc(pcsc, await pcsc.findReader(SERIAL_NUMBER));
      expectTap((await converseInNode('tap', RC_S300.vendorId)) as Tapped);
      return `${read}; tapped beside it over node-usb`;
    } finally {
      await sockets.detach();
      await pcsc.stop();
    }
  },
};

export const pcscChecks: readonly Check[] = [...drivers, rcS300];
