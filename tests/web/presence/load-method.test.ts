import { expect, it } from 'vitest';
import { loadMethod } from '#lib/presence/load-method.ts';
import { PinPrompt } from '#lib/presence/pin-prompt.svelte.ts';

const refuse = () => Promise.reject(new RangeError('nobody is asked'));

it('taps unless told otherwise', async () => {
  const method = await loadMethod('visit', { choice: () => 'tap', askPin: refuse });
  expect(method.proofMethod).toBe('mynumber-tap');
});

it('asks for the PIN, and wipes it when it was used', async () => {
  const pin = new TextEncoder().encode('1234');
  const method = await loadMethod('visit', { choice: () => 'pin', askPin: () => Promise.resolve(pin) });
  expect(method.proofMethod).toBe('mynumber-pin');
  method.release?.();
  expect(pin).toEqual(new Uint8Array(4));
});

it('has a simulated terminal that vouches for its proofs', async () => {
  const method = await loadMethod('visit', { choice: () => 'terminal', askPin: refuse });
  expect(method.proofMethod).toBe('mynumber-terminal');
  expect(await method.attest?.('A'.repeat(43))).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});

it.each(['pin', 'terminal'] as const)('taps for a consent, also where %s was chosen', async (choice) => {
  expect((await loadMethod('history', { choice: () => choice, askPin: refuse })).proofMethod).toBe('mynumber-tap');
});

it('hands over the digits that were asked for, once', async () => {
  const prompt = new PinPrompt();
  const answer = prompt.ask();
  expect(prompt.isOpen).toBe(true);
  prompt.enter(Uint8Array.of(0x31));
  expect(await answer).toEqual(Uint8Array.of(0x31));
  const late = Uint8Array.of(0x32);
  prompt.enter(late);
  expect(late).toEqual(Uint8Array.of(0));
});

it('is aborted by whoever closes it', async () => {
  const prompt = new PinPrompt();
  const answer = prompt.ask();
  prompt.cancel();
  await expect(answer).rejects.toMatchObject({ code: 'aborted' });
  expect(prompt.isOpen).toBe(false);
});
