import { parseArgs } from 'node:util';
import { report, say } from './report/report.ts';
import { openBench, type Stretch } from './exchange/throughput.ts';

/**
 * Messages through one exchange: signed, encrypted, durable, each state receipted; beside the same bytes through a bare
 * table of the same database, and beside the cryptography of the path alone, in turns. `--messages` per turn, `--turns`.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '2000' },
    turns: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const messages = Number(values.messages);
const turns = Number(values.turns);

const WARM_UP = 256;
const GOAL_PER_SECOND = 1000;
const GOAL_SHARE = 0.6;

const bench = await openBench();
await bench.relay(WARM_UP);
await bench.crypto(WARM_UP);
await bench.queue(WARM_UP);
const stretches: { relay: Stretch[]; crypto: Stretch[]; queue: Stretch[] } = { relay: [], crypto: [], queue: [] };
for (let turn = 0; turn < turns; turn += 1) {
  stretches.crypto.push(await bench.crypto(messages));
  stretches.relay.push(await bench.relay(messages));
  stretches.queue.push(await bench.queue(messages));
}
const peakBytes = await bench.peakBytes();
await bench.close();

const sum = (parts: readonly Stretch[], pick: (part: Stretch) => number) =>
  parts.reduce((total, part) => total + pick(part), 0);
const perSecond = (parts: readonly Stretch[]) =>
  sum(parts, (part) => part.messages) / sum(parts, (part) => part.seconds);
const cpuEach = (parts: readonly Stretch[]) => sum(parts, (part) => part.cpu) / sum(parts, (part) => part.messages);
const latencies = stretches.relay.flatMap((part) => part.latencies).sort((left, right) => left - right);
const quantile = (q: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? NaN;

const slower = Math.min(perSecond(stretches.queue), perSecond(stretches.crypto));
say('Through one exchange, over HTTP, on this machine; two processes');
report({ name: 'exchange.messages', value: perSecond(stretches.relay), unit: '/s', limit: GOAL_PER_SECOND });
report({ name: 'exchange.share_of_slower', value: perSecond(stretches.relay), unit: '/s', limit: GOAL_SHARE * slower });
report({
  name: 'exchange.beside_queue',
  value: perSecond(stretches.relay),
  unit: '/s',
  limit: perSecond(stretches.queue),
});
report({
  name: 'exchange.beside_crypto',
  value: perSecond(stretches.relay),
  unit: '/s',
  limit: perSecond(stretches.crypto),
});
report({
  name: 'exchange.cpu_beside_crypto',
  value: cpuEach(stretches.relay),
  unit: 'µs',
  limit: cpuEach(stretches.crypto),
});
report({ name: 'exchange.p50', value: quantile(0.5), unit: 'ms' });
report({ name: 'exchange.p99', value: quantile(0.99), unit: 'ms' });
report({ name: 'exchange.peak_memory', value: peakBytes / 1024 ** 2, unit: 'MiB' });
