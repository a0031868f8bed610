import { readdirSync } from 'node:fs';
import { encodeHex } from 'webusb-ccid';
import { describe, expect, it } from 'vitest';
import { flows } from '../transcripts/flows.ts';
import { readTranscript, replayChannel } from '../transcripts/transcript.ts';
import { createMyNumberCard, openChannel } from './simulated-cards/test-cards.ts';

describe.each(flows)('$name', ({ name, createCard, run }) => {
  it('is what the host sends and understands', async () => {
    const channel = replayChannel(readTranscript(name));
    const outcome = await run(channel);
    expect(channel.left()).toBe(0);
    expect(outcome).toEqual(await run(openChannel(createCard())));
  });

  it('is what the simulated card answers', async () => {
    const card = createCard();
    for (const { command, response } of readTranscript(name)) {
      expect(encodeHex(await card.process(command))).toBe(encodeHex(response));
    }
  });
});

it.each(foreignPrograms())('%s, another program’s dialogue, is what the simulated card answers', async (name) => {
  const card = createMyNumberCard();
  for (const { command, response } of readTranscript(name)) {
    expect(encodeHex(await card.process(command))).toBe(encodeHex(response));
  }
});

/** Transcripts that no flow of ours made. */
function foreignPrograms(): string[] {
  const names = readdirSync(new URL('../transcripts/', import.meta.url))
    .filter((name) => name.endsWith('.apdu'))
    .map((name) => name.slice(0, -'.apdu'.length));
  return names.filter((name) => !flows.some((flow) => flow.name === name));
}
