import { encodeHex, parseHex } from 'webusb-ccid';
import type { SimulatedCard } from 'webusb-ccid/simulated';
import { expect, it } from 'vitest';
import { createVpcdLink } from '../../../ccid/cli/vpcd-link.ts';

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
  return { sent, seen, link: createVpcdLink(card, (message) => void sent.push(encodeHex(message))) };
}

it('answers the ATR and commands, and nothing to power and reset', async () => {
  const { sent, seen, link } = openLink();
  await link.receive(parseHex('0001 01  0001 02  0001 04  0004 00840000  0001 00'));
  expect(seen).toEqual(['reset', 'reset', '00840000', 'reset']);
  expect(sent).toEqual(['00023B00', '00029000']);
});

it('takes messages in any pieces', async () => {
  const { sent, link } = openLink();
  for (const byte of parseHex('0004 00840000 0001 04')) await link.receive(Uint8Array.of(byte));
  expect(sent).toEqual(['00029000', '00023B00']);
});
