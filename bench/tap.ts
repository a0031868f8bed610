import { type CardChannel, requestReader } from 'webusb-ccid';
import { createMynumberPin, mynumberTap, type PresenceMethod } from 'webusb-ccid/mynumber';
import { createSimulatedReader, SimulatedUsb } from 'webusb-ccid/simulated';
import { type Exchange, readTranscript } from '../tests/transcripts/transcript.ts';
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
const rows: readonly (readonly [string, readonly Exchange[]])[] = [
  ['tap: certificate and signature, no PIN', tap],
  ['certificate and signature with PIN', pin],
  ['OpenSC 0.23: the same with PIN', withoutProbing(openSc)],
  ['OpenSC 0.23: with its search for the card', openSc],
];
console.log('Commands and bytes on the card interface, card with a certificate of 931 bytes');
for (const [name, exchanges] of rows) {
  const [count, sent, received] = [exchanges.length, size(exchanges, 'command'), size(exchanges, 'response')];
  console.log(`  ${name.padEnd(44)} ${cell(count, 4)} commands ${cell(sent, 6)} out ${cell(received, 6)} in`);
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

console.log('\nTime on a model card: RSA signature 400 ms, 106 kbit/s contactless, full-speed USB');
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
  const shares = Object.entries(parts).map(
    ([part, ms]) => `${part} ${ms.toFixed(1)} ms (${((100 * ms) / total).toFixed(1)} %)`,
  );
  console.log(`  ${name.padEnd(10)} ${cell(Math.round(total), 5)} ms: ${shares.join(', ')}`);
}

const isFewer = pin.length < withoutProbing(openSc).length && tap.length < withoutProbing(openSc).length;
console.log(isFewer ? '\nFewer commands than OpenSC for its nearest job.' : '\nNot fewer commands than OpenSC.');
process.exitCode = isFewer ? 0 : 1;

function cell(value: number, width: number): string {
  return value.toLocaleString('en').padStart(width);
}
