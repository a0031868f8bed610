import { expect, it } from 'vitest';
import { CardError, parseHex } from 'webusb-ccid';
import { formatDialogue, recordDialogue } from '#lib/inspector/dialogue.ts';
import { formatTraceEvent } from '#lib/card/trace-line.ts';

const answering = (answer: string) => ({ transmit: () => Promise.resolve<Uint8Array>(parseHex(answer)) });

it('leaves a PIN out, and keeps the question for the tries', async () => {
  const channel = recordDialogue(answering('9000'));
  await channel.transmit(parseHex('0020009804 31323334'));
  await channel.transmit(parseHex('00200098'));
  expect(channel.lines).toEqual([
    { purpose: 'presentPin', command: '00200098', isRedacted: true, answerSizeBytes: 0, statusWord: '9000' },
    { purpose: 'askTries', command: '00200098', isRedacted: false, answerSizeBytes: 0, statusWord: '9000' },
  ]);
  expect(formatDialogue(channel.lines)).not.toContain('31323334');
});

it('leaves out what was read', async () => {
  const channel = recordDialogue(answering('0102030405 9000'));
  await channel.transmit(parseHex('00B0000005'));
  expect(channel.lines).toMatchObject([{ purpose: 'read', answerSizeBytes: 5, statusWord: '9000' }]);
  expect(formatDialogue(channel.lines)).not.toContain('0102030405');
});

it('notes a command that was never answered', async () => {
  const counts: number[] = [];
  const gone = { transmit: () => Promise.reject(new CardError('card_gone', 'pulled')) };
  const channel = recordDialogue(gone, (count) => counts.push(count));
  await expect(channel.transmit(parseHex('00A4040C02 0102'))).rejects.toMatchObject({ code: 'card_gone' });
  expect(channel.lines).toMatchObject([{ purpose: 'selectApplication', statusWord: undefined }]);
  expect(counts).toEqual([1]);
});

it('the trace of the reader holds no answer data either', () => {
  expect(formatTraceEvent({ kind: 'answer', bytes: parseHex('313233343536373839303132 9000') })).toBe(
    '  R 12 bytes 9000',
  );
});
