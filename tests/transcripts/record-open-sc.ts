/** Writes what OpenSC says to a My Number Card: which commands, and in which order, is its own business. Run by hand, as root. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMyNumberCard, openChannel } from '../ccid/simulated-cards/test-cards.ts';
import { startOpenSc } from '../ccid/cli/open-sc.ts';
import { type Exchange, recordChannel, writeTranscript } from './transcript.ts';

const card = createMyNumberCard();
const channel = recordChannel(openChannel(card));
const openSc = await startOpenSc({
  atr: card.atr,
  reset: () => card.reset(),
  process: (command) => channel.transmit(command),
});
writeFileSync(join(openSc.folder, 'message'), 'a message');

async function record(program: string, ...args: string[]): Promise<Exchange[]> {
  const start = channel.exchanges.length;
  const { code, output } = await openSc.run(program, ...args);
  if (code !== 0) throw new RangeError(output);
  return channel.exchanges.slice(start);
}

const certificate = await record('pkcs15-tool', '-r', '0', '--read-certificate', '1');
writeTranscript('open-sc-certificate', 'OpenSC 0.23 finds the card and reads its authentication certificate', certificate);

const mechanism = ['-m', 'SHA256-RSA-PKCS', '--id', '01', '-i', 'message', '-o', 'signature'];
const pkcs11 = ['--module', openSc.module, '--slot-index', '0', '-l', '-p', '1234', '--sign'];
const signature = await record('pkcs11-tool', ...pkcs11, ...mechanism);
writeTranscript('open-sc-sign', 'OpenSC 0.23 finds the card, logs in and signs with the authentication key', signature);
await openSc.close();
