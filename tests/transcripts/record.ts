/** Writes every transcript anew. Run by hand when a flow is meant to change, and read the difference. */
import { openChannel } from '../ccid/simulated-cards/test-cards.ts';
import { flows } from './flows.ts';
import { recordChannel, writeTranscript } from './transcript.ts';

for (const { name, about, createCard, run } of flows) {
  const channel = recordChannel(openChannel(createCard()));
  await run(channel);
  writeTranscript(name, about, channel.exchanges);
}
