import { BENCHES, readBenchOptions } from './report/benches.ts';
import { report, say } from './report/report.ts';
import { measureShape } from './exchange/shape.ts';
import { openBench, type Stretch } from './exchange/throughput.ts';

/**
 * Messages through one exchange: signed, encrypted, durable, each state receipted; beside the same bytes through a bare
 * table of the same database, and beside the cryptography of the path alone, in turns.
 */
const options = readBenchOptions(BENCHES.exchange, process.argv.slice(2));
const messages = Number(options['messages']);
const turns = Number(options['turns']);

const WARM_UP = 256;
const GOAL_PER_SECOND = 1000;
const GOAL_SHARE = 0.6;
const MIB = 1024 ** 2;
const LARGE_BODY_MIB = 64;
/** Name, exchanges, networks behind each. */
const SHAPES = [
  ['one_of_200', 1, 200],
  ['ten_of_20', 10, 20],
] as const;

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
const peakBefore = await bench.peakBytes();
const large = await bench.large();
const peakAfter = await bench.peakBytes();
await bench.large();
const peakAgain = await bench.peakBytes();
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
report({ name: 'exchange.peak_memory', value: peakBefore / MIB, unit: 'MiB' });

say('\nOne body of 64 MiB, piece by piece');
for (const step of ['seal', 'upload', 'fetch', 'open'] as const) {
  report({ name: `exchange.large.${step}`, value: large[step], unit: 'ms' });
}
const grown = (peakAfter - peakBefore) / MIB;
report({ name: 'exchange.large.memory_grown', value: grown, unit: 'MiB' });
// What grows with the first only is room for pieces under way, not bodies that are held.
const grownAgain = (peakAgain - peakAfter) / MIB;
report({ name: 'exchange.large.memory_grown_by_a_second', value: grownAgain, unit: 'MiB', limit: LARGE_BODY_MIB });

say('\nAny to any: every institution writes to two others, chosen by a seed; lines are pairs of servers that spoke');
for (const [name, exchanges, networks] of SHAPES) {
  const shape = await measureShape(exchanges, networks);
  const pairwise = (shape.networks * (shape.networks - 1)) / 2;
  report({ name: `exchange.shape.${name}.lines`, value: shape.lines, unit: 'lines', limit: pairwise });
  report({ name: `exchange.shape.${name}.delivered`, value: shape.delivered, unit: 'messages', limit: shape.sent });
  report({ name: `exchange.shape.${name}.seconds`, value: shape.seconds, unit: 's' });
}
