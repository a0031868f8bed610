import {
  composeDevices,
  createSimulatedRcS300,
  createSimulatedRcS380,
  createSimulatedReader,
} from 'webusb-ccid/simulated';
import type { Tapped } from '../client/dialogues.ts';
import { createMyNumberCard, overProtocol } from './cards.ts';
import { type Check, expectThat } from './check.ts';
import { converseInNode } from './node-usb-client.ts';
import { EXCHANGE_LEVELS } from './levels.ts';
import { expectTap } from './verdicts.ts';

const VENDOR = 0x1209;
const SONY = 0x054c;

const levels: Check = {
  name: 'node-usb/levels',
  title: 'our driver over node-usb taps a card in a class 0B reader of ours, at every exchange level',
  async run({ sockets }) {
    for (const options of EXCHANGE_LEVELS) {
      const reader = createSimulatedReader({ ...options, interfaceClass: 0x0b, vendorId: VENDOR });
      reader.insert(options.card());
      await sockets.plugIn(reader.device);
      try {
        expectTap((await converseInNode('tap', VENDOR)) as Tapped);
      } finally {
        await sockets.detach();
      }
    }
    return `${EXCHANGE_LEVELS.map(({ name }) => name).join(', ')}: certificate and signature right`;
  },
};

const sony: Check = {
  name: 'node-usb/sony',
  title: 'our driver over node-usb taps a card on our RC-S300 and RC-S380',
  async run({ sockets }) {
    for (const reader of [createSimulatedRcS300(), createSimulatedRcS380()]) {
      reader.insert(createMyNumberCard());
      await sockets.plugIn(reader.device);
      try {
        expectTap((await converseInNode('tap', SONY)) as Tapped);
      } finally {
        await sockets.detach();
      }
    }
    return 'vendor interfaces, ISO-DEP over Type B: certificate and signature right';
  },
};

const together: Check = {
  name: 'node-usb/together',
  title: 'our driver over node-usb has two interfaces of one device at once',
  async run({ sockets }) {
    const readers = [createSimulatedReader({ interfaceClass: 0x0b }), createSimulatedReader({ level: 'tpdu-t1' })];
    for (const [i, reader] of readers.entries())
      reader.insert(i === 0 ? createMyNumberCard() : overProtocol(createMyNumberCard(), 'T=1'));
    const identity = { vendorId: VENDOR, productId: 0x0002, productName: 'Two readers', serialNumber: 'LAB-0002' };
    await sockets.plugIn(composeDevices(identity, readers));
    try {
      const seen = (await converseInNode('together', VENDOR)) as readonly Tapped[];
      expectThat(seen.length === 2, `${seen.length} readers were found`);
      for (const tapped of seen) expectTap(tapped);
      return 'both powered, both tapped';
    } finally {
      await sockets.detach();
    }
  },
};

const unplug: Check = {
  name: 'node-usb/unplug',
  title: 'a reader unplugged in the middle of an exchange: reader_gone over node-usb, and it works when it is back',
  async run({ sockets }) {
    const reader = createSimulatedReader({ interfaceClass: 0x0b, vendorId: VENDOR });
    reader.insert(createMyNumberCard());
    await sockets.plugIn(reader.device);
    try {
      const seen = (await converseInNode('unplugged', VENDOR, (what) => {
        if (what === 'connected') {
          reader.faults.hang();
          setTimeout(() => void sockets.detach(), 1000);
        }
        if (what === 'gone') void sockets.plugIn(reader.device);
      })) as Tapped & { code: string; idBefore: string; idAfter: string };
      expectThat(seen.code === 'reader_gone', `the exchange ended with ${seen.code}`);
      expectThat(seen.idBefore === seen.idAfter, 'the reader came back under another id');
      expectTap(seen);
      return `${seen.code}, then the same reader again, and a tap`;
    } finally {
      await sockets.detach();
    }
  },
};

export const nodeUsbChecks: readonly Check[] = [levels, sony, together, unplug];
