import { type CardChannel, requestReader } from 'webusb-ccid';
import { createMynumberPin, mynumberTap, type PresenceMethod } from 'webusb-ccid/mynumber';
import { createSimulatedReader, SimulatedUsb } from 'webusb-ccid/simulated';
import { type Exchange, readTranscript } from '../tests/transcripts/transcript.ts';
import { report, say } from './report/report.ts';
import { modelExchange } from './tap/card-model.ts';

/**
 * What a tap costs: commands and bytes beside what OpenSC sends for its nearest job on the same card, and where the time
 * goes on a model card. Exits 1 when ours are not fewer.
 */
const RUNS = 200;
const statement = new TextEncoder().encode('header.payload');

const size = (exchanges: readonly Exchange[], side: keyof Exchange): number =>
  exchanges.reduce((sum, exchange) => sum + exchange[side].length, 0);

/** From the command on that selects the JPKI application: what came before was looking for other cards. */
function withoutProbing(exchanges: readonly Exchange[]): readonly Exchange[] {
  const isJpki = ({ command, response }: Exchange): boolean =>
    command[1] === 0xa4 && command[2] === 0x04 && response[0] === 0x90;
  return exchanges.slice(exchanges.findIndex(isJpki));
}

const tap = readTranscript('mynumber-tap');
const pin = readTranscript('mynumber-pin');
const openSc = readTranscript('open-sc-sign');
const CERTIFICATE_BYTES = 931;
/** Two selections, a READ BINARY for each 256 bytes, one signature: less cannot carry a tap. */
const NECESSARY_COMMANDS = 2 + Math.ceil(CERTIFICATE_BYTES / 256) + 1;
const peer = withoutProbing(openSc);
const rows: readonly { readonly name: string; readonly exchanges: readonly Exchange[]; readonly limit?: number }[] = [
  { name: 'tap, beside what is necessary', exchanges: tap, limit: NECESSARY_COMMANDS },
  { name: 'tap, beside OpenSC 0.23 (its nearest job, with PIN)', exchanges: tap, limit: peer.length },
  { name: 'with PIN, beside OpenSC 0.23 (the same job)', exchanges: pin, limit: peer.length },
  { name: 'with PIN, beside OpenSC 0.23 that looks for its card', exchanges: pin, limit: openSc.length },
  { name: 'OpenSC 0.23', exchanges: peer },
];
say(`Commands and bytes on the card interface, card with a certificate of ${CERTIFICATE_BYTES} bytes`);
for (const { name, exchanges, limit } of rows) {
  report({ name, value: exchanges.length, unit: 'commands', limit });
}
for (const [name, exchanges] of [
  ['tap', tap],
  ['with PIN', pin],
  ['OpenSC 0.23', peer],
] as const) {
  const bytes = size(exchanges, 'command') + size(exchanges, 'response');
  report({
    name: `${name}, bytes both ways`,
    value: bytes,
    unit: 'bytes',
    limit: name === 'OpenSC 0.23' ? undefined : size(peer, 'command') + size(peer, 'response'),
  });
}

/** Milliseconds of our own code and the simulated reader, from the first command to the signature; median of many runs. */
async function measureOwnCode(method: PresenceMethod, exchanges: readonly Exchange[]): Promise<number> {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader();
  usb.attach(simulated.device);
  let at = 0;
  simulated.insert({
    atr: Uint8Array.of(0x3b, 0x88, 0x80, 0x01, 0x00, 0x00, 0x41, 0xe0, 0xb3, 0x81, 0xa1, 0x00, 0x3b),
    reset: () => undefined,
    process: () => Promise.resolve(exchanges[at++ % exchanges.length]!.response),
  });
  const reader = await requestReader(usb);
  const channel: CardChannel = await reader.connect();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    await method.prove(channel, () => Promise.resolve(statement));
    times.push(performance.now() - start);
  }
  await reader.close();
  return times.sort((a, b) => a - b)[RUNS / 2]!;
}

say('\nTime on a model card: RSA signature 400 ms, 106 kbit/s contactless, full-speed USB; each part beside the whole');
const methods: readonly (readonly [string, PresenceMethod, readonly Exchange[]])[] = [
  ['tap', mynumberTap, tap],
  ['with PIN', createMynumberPin(new TextEncoder().encode('1234')), pin],
];
for (const [name, method, exchanges] of methods) {
  const own = await measureOwnCode(method, exchanges);
  const model = exchanges.map(modelExchange);
  const sum = (part: 'card' | 'air' | 'usb'): number => model.reduce((total, times) => total + times[part], 0);
  const parts = { card: sum('card'), air: sum('air'), usb: sum('usb'), 'own code': own };
  const total = Object.values(parts).reduce((a, b) => a + b, 0);
  for (const [part, ms] of Object.entries(parts))
    report({ name: `${name}: ${part}`, value: ms, unit: 'ms', limit: total });
}

const isFewer = Math.max(pin.length, tap.length) < peer.length && tap.length <= NECESSARY_COMMANDS;
say(isFewer ? '\nNo command too many, and fewer than OpenSC sends.' : '\nToo many commands.');
process.exitCode = isFewer ? 0 : 1;
