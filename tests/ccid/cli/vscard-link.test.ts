import { encodeHex, parseHex } from 'webusb-ccid';
import type { SimulatedCard } from 'webusb-ccid/simulated';
import { expect, it } from 'vitest';
import { createVscardLink } from '../../../ccid/cli/vscard-link.ts';

function openLink() {
  const sent: string[] = [];
  const seen: string[] = [];
  const card: SimulatedCard = {
    atr: parseHex('3B00'),
    reset: () => void seen.push('reset'),
    process(command) {
      seen.push(encodeHex(command));
      return Promise.resolve(parseHex('9000'));
    },
  };
  return { sent, seen, link: createVscardLink(card, (message) => void sent.push(encodeHex(message))) };
}

// What QEMU 7.2 said to it.
const QEMU_INIT = '00000001 FFFFFFFF 0000000C 56534344 00000002 00000000';
const QEMU_DONE = '00000002 00000000 00000004 00000000';

it('greets, adds a reader, shows the ATR, and answers commands', async () => {
  const { sent, seen, link } = openLink();
  link.start();
  await link.receive(parseHex(QEMU_INIT));
  await link.receive(parseHex(QEMU_DONE));
  await link.receive(parseHex(QEMU_DONE));
  await link.receive(parseHex('00000007 00000000 00000004 00840000'));
  await link.receive(parseHex('00000008 00000000 00000000'));
  link.remove();
  expect(sent).toEqual([
    '00000001FFFFFFFF0000000C565343440000000200000000',
    '00000003FFFFFFFF0000000100',
    '0000000500000000000000023B00',
    '0000000700000000000000029000',
    '000000090000000000000000',
    '000000060000000000000000',
  ]);
  expect(seen).toEqual(['reset', '00840000']);
});

it('takes messages in any pieces', async () => {
  const { sent, link } = openLink();
  for (const byte of parseHex(QEMU_INIT + QEMU_DONE)) await link.receive(Uint8Array.of(byte));
  expect(sent.map((message) => message.slice(6, 8))).toEqual(['03', '05']);
});
