import type { Tapped } from '../client/dialogues.ts';
import { type Check, expectThat } from './check.ts';
import { converseInNode } from './node-usb-client.ts';
import { readThroughOpenSc, startPcsc } from './pcsc.ts';
import { runProgram } from './programs.ts';
import { expectSignature, expectTap, fingerprint } from './verdicts.ts';

/** Gemalto's vendor id, under which QEMU's reader goes. */
const QEMU = 0x08e6;

/** QEMU's reader, which nobody here wrote; the card in it is ours and speaks VSCARD from the host. In this order. */
export const qemuChecks: readonly Check[] = [
  {
    name: 'qemu/no-card',
    title: "an empty reader of QEMU's says card_absent",
    run: async ({ tell }) => {
      tell({ kind: 'card', action: 'remove' });
      return expectRefusal('absent', 'card_absent');
    },
  },
  {
    name: 'qemu/tap',
    title: "our driver over node-usb taps a card in QEMU's reader",
    async run({ tell }) {
      tell({ kind: 'card', action: 'insert' });
      const seen = (await converseInNode('tap', QEMU)) as Tapped;
      expectTap(seen);
      return `${seen.reader}, ATR ${seen.atr}, certificate ${fingerprint(seen.certificate)}, signature right`;
    },
  },
  {
    name: 'qemu/sign',
    title: "our driver over node-usb signs with the PIN in QEMU's reader",
    async run({ tell }) {
      tell({ kind: 'card', action: 'insert' });
      const seen = (await converseInNode('sign', QEMU)) as { certificate: string; signature: string };
      expectSignature(seen.certificate, seen.signature);
      return 'three certificates read, the signature verifies';
    },
  },
  {
    name: 'qemu/command-line',
    title: "webusb-ccid list and webusb-ccid atr tell QEMU's reader and the card in it",
    async run({ tell }) {
      tell({ kind: 'card', action: 'insert' });
      const listed = await runTool('list');
      expectThat(listed.includes('"ids":"08e6:4433"'), `the list has no such reader: ${listed}`);
      const shown = await runTool('atr', '--wait', '--reader', 'QEMU');
      const [, atr] = /"atr":"([0-9A-F]+)"/.exec(shown) ?? [];
      expectThat(atr !== undefined, `no answer to reset: ${shown}`);
      return `08e6:4433, ATR ${atr}`;
    },
  },
  {
    name: 'qemu/reinsert',
    title: "taking the card out of QEMU's reader and laying it back is seen",
    async run({ tell }) {
      tell({ kind: 'card', action: 'insert' });
      const states = (await converseInNode('reinserted', QEMU, (what) => {
        if (what === '1: present') tell({ kind: 'card', action: 'remove' });
        if (what === '2: absent') tell({ kind: 'card', action: 'insert' });
      })) as readonly string[];
      return states.join(', ');
    },
  },
  {
    name: 'qemu/old-atr',
    title: "QEMU's reader answers with the ATR of a card that is gone: card_absent nevertheless",
    run: async ({ tell }) => {
      tell({ kind: 'card', action: 'remove' });
      return expectRefusal('absent', 'card_absent');
    },
  },
  {
    name: 'qemu/busy',
    title: 'a reader that pcscd holds says reader_busy',
    async run() {
      const pcsc = await startPcsc();
      try {
        await pcsc.findReader('Gemplus', { needsCard: false });
        return await expectRefusal('refused', 'reader_busy');
      } finally {
        await pcsc.stop();
      }
    },
  },
  {
    name: 'qemu/opensc',
    title: "OpenSC reads our card in QEMU's reader, where nothing but the card is ours",
    async run({ tell }) {
      tell({ kind: 'card', action: 'insert' });
      const pcsc = await startPcsc();
      try {
        return await readThroughOpenSc(pcsc, await pcsc.findReader('Gemplus'));
      } finally {
        await pcsc.stop();
      }
    },
  },
];

/** The command-line tool, one JSON object a line. */
function runTool(...args: readonly string[]): Promise<string> {
  return runProgram(process.execPath, ['--conditions=webusb-ccid:source', 'ccid/cli/main.ts', ...args, '--json']);
}

async function expectRefusal(dialogue: 'absent' | 'refused', wanted: string): Promise<string> {
  const { code } = (await converseInNode(dialogue, QEMU)) as { code: string };
  expectThat(code === wanted, `it ended with ${code}`);
  return code;
}
