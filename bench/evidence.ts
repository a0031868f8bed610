import { parseArgs } from 'node:util';
import { digest } from '../api/contract/encoding.ts';
import { createReceipt } from '../api/contract/evidence/receipt.ts';
import { hashNode } from '../api/contract/evidence/tree-hash.ts';
import { createStatements } from './evidence/crypto.ts';
import { measureGrowth } from './evidence/growth.ts';
import { measureReceipt } from './evidence/receipt-size.ts';
import { runAlone, runLoad, type LoadResult } from './evidence/latency.ts';
import { openWorld } from './evidence/world.ts';

/**
 * Durable appends per second, and what they cost as the log grows, beside the limits of the same run: the store for
 * the same bytes, and the cryptography alone. `--seconds` per cell, `--leaves` as the largest log.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, leaves: { type: 'string', default: '1000000' } },
});
const durationMs = Number(values.seconds) * 1000;
const CLIENTS = [1, 16, 256];

const statements = await createStatements();
const { record } = statements;
console.log(`node ${process.version}, record ${record.length} bytes, ${values.seconds} s per cell\n`);

console.log('The cryptography alone, one after the other (per second)');
const node = digest('node');
const alone = {
  'tree hash (SHA-256, 65 bytes)': () => hashNode(node, node),
  'visit record signed (ES256)': statements.signRecord,
  'presence proof verified (RSA-2048)': statements.verifyPresence,
};
for (const [name, task] of Object.entries(alone)) {
  console.log(`  ${name.padEnd(36)} ${(await runAlone(durationMs / 2, task)).toFixed(0).padStart(9)}`);
}

type World = Awaited<ReturnType<typeof openWorld>>;
const salt = new Uint8Array(32);
const TASKS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'store limit: same bytes, no log': ({ visits }) => visits.insertOnly(record),
  'durable append': ({ visits }) => visits.append(record),
  'signed record, durable append': async ({ visits }) => visits.append(await statements.signRecord()),
  'the same, answered with a receipt': async ({ visits, log }) => {
    const signed = await statements.signRecord();
    const { leaf } = await visits.append(signed);
    await log.waitFor(leaf);
    return createReceipt(signed, salt, await log.proofFor(leaf));
  },
  'presence verified, signed, durable': async ({ visits }) => {
    await statements.verifyPresence();
    return visits.append(await statements.signRecord());
  },
  'the same, answered with a receipt ': async ({ visits, log }) => {
    await statements.verifyPresence();
    const signed = await statements.signRecord();
    const { leaf } = await visits.append(signed);
    await log.waitFor(leaf);
    return createReceipt(signed, salt, await log.proofFor(leaf));
  },
};

console.log('\nClosed loop, integration every 200 ms, or when somebody waits, 20 ms apart');
console.log(`  ${''.padEnd(36)} clients      per s     p50 ms     p99 ms     cpu µs`);
for (const [name, task] of Object.entries(TASKS)) {
  for (const clients of CLIENTS) {
    const world = await openWorld();
    const stop = world.log.start();
    await runLoad(clients, durationMs / 4, () => task(world));
    const result = await runLoad(clients, durationMs, () => task(world));
    console.log(`  ${name.padEnd(36)} ${formatResult(result)}`);
    await stop();
    await world.close();
  }
}

console.log('\nCost of one leaf as the log grows (µs)');
console.log('      leaves   sequence  integrate  recent proof  any proof');
const sizes = [1e4, 1e5, 1e6, 1e7].filter((size) => size <= Number(values.leaves));
for (const { size, sequence, integrate, proof, oldProof } of await measureGrowth(sizes)) {
  const cells = [sequence, integrate, proof, oldProof].map((cost) => cost.toFixed(1).padStart(10));
  console.log(`  ${String(size).padStart(10)} ${cells.join(' ')}`);
}

console.log('\nA receipt: file, QR text, and verification of everything in it');
console.log('      leaves  witnesses  file bytes  QR chars  QR version  verified per s');
for (const leaves of [1e3, 1e6, 1e9]) {
  for (const witnesses of [0, 3]) {
    const measured = await measureReceipt(leaves, witnesses, record, statements.exchangeKeys);
    const { fileBytes, qrCharacters, qrVersion, verificationsPerSecond } = measured;
    const cells = [witnesses, fileBytes, qrCharacters, qrVersion ?? '-', verificationsPerSecond.toFixed(0)];
    console.log(`  ${String(leaves).padStart(10)} ${cells.map((cell) => String(cell).padStart(10)).join(' ')}`);
  }
}

function formatResult({ clients, perSecond, p50, p99, cpu }: LoadResult): string {
  return [clients, perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2), cpu.toFixed(0)]
    .map((cell, at) => String(cell).padStart(at === 0 ? 7 : 10))
    .join(' ');
}
