import { requestReader, type CardConnection } from 'webusb-ccid';
import { createSimulatedReader, SimulatedUsb, type SimulatedReaderOptions } from 'webusb-ccid/simulated';
import { acrossAThread } from './ccid/across-a-thread.ts';
import { report, say } from './report/report.ts';

/**
 * What the driver costs: USB transfers per APDU beside the fewest that the exchange level allows, and its processor time
 * per APDU beside a bare loop of the same transfers at the same simulated reader, on a bus that costs nothing and on one
 * where a transfer crosses a thread, as on every real one. Exits 1 when transfers exceed the
 * fewest.
 */
const ROUNDS = 2000;
const COMMAND = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0xf0);
const ANSWER = new Uint8Array(0xf2).fill(0x5a);
ANSWER.set([0x90, 0x00], 0xf0);
const card = (atr: number[]) => ({
  atr: Uint8Array.from(atr),
  reset: () => undefined,
  process: () => Promise.resolve(ANSWER),
});
const T0 = [0x3b, 0x00];
const T1 = [0x3b, 0x80, 0x81, 0x31, 0xfe, 0x00, 0xce];

const levels: readonly {
  name: string;
  options: SimulatedReaderOptions;
  atr: number[];
  wrap: (apdu: Uint8Array, n: number) => Uint8Array;
}[] = [
  { name: 'extended APDU', options: { level: 'extended-apdu' }, atr: T1, wrap: (apdu) => apdu },
  { name: 'short APDU', options: { level: 'short-apdu' }, atr: T1, wrap: (apdu) => apdu },
  { name: 'TPDU T=0', options: { level: 'tpdu-t0' }, atr: T0, wrap: (apdu) => apdu },
  { name: 'TPDU T=1', options: { level: 'tpdu-t1' }, atr: T1, wrap: i1 },
];

/** An I-block with alternating number, as cheap as it can be made. */
function i1(apdu: Uint8Array, n: number): Uint8Array {
  const block = new Uint8Array(apdu.length + 4);
  block[1] = (n & 1) << 6;
  block[2] = apdu.length;
  block.set(apdu, 3);
  block[block.length - 1] = block.reduce((sum, byte) => sum ^ byte, 0);
  return block;
}

/** Counts bulk transfers by standing between driver and bus. */
async function connect({ options, atr }: (typeof levels)[number]) {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader(options);
  usb.attach(simulated.device);
  simulated.insert(card(atr));
  const [device] = [await usb.requestDevice({ filters: [{ classCode: 0xff }] })];
  const count = { transfers: 0 };
  const out = device.transferOut.bind(device);
  device.transferOut = (...args) => {
    count.transfers++;
    return out(...args);
  };
  const into = device.transferIn.bind(device);
  device.transferIn = async (...args) => {
    const result = await into(...args);
    if (args[0] === 2) count.transfers++;
    return result;
  };
  const reader = await requestReader(usb);
  return { device, reader, count, connection: await reader.connect() };
}

async function driver(connection: CardConnection): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await connection.transmit(COMMAND);
}

/** The same messages without a driver: header, block, one read. */
async function bare(
  device: Awaited<ReturnType<typeof connect>>['device'],
  wrap: (apdu: Uint8Array, n: number) => Uint8Array,
  first: number,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const block = wrap(COMMAND, first + round);
    const message = new Uint8Array(10 + block.length);
    message[0] = 0x6f;
    message[1] = block.length;
    message[6] = round & 0xff;
    message.set(block, 10);
    await device.transferOut(1, message);
    await device.transferIn(2, 576);
  }
}

/** Processor milliseconds of the fastest of several runs. */
async function fastest(run: () => Promise<void>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < 7; i++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

for (const bus of ['in memory', 'across a thread'] as const) {
  say(`READ BINARY of 240 bytes over simulated USB, ${bus}`);
  for (const level of levels) await measure(level, bus);
}

async function measure(level: (typeof levels)[number], bus: 'in memory' | 'across a thread'): Promise<void> {
  const { reader, connection, count, device } = await connect(level);
  const endBus = bus === 'across a thread' ? acrossAThread(device) : undefined;
  const print = (name: string, value: number, unit: string, limit: number) =>
    report({ name: `${level.name}, ${bus}: ${name}`, value, unit, limit });
  count.transfers = 0;
  await driver(connection);
  const perApdu = count.transfers / ROUNDS;
  print('transfers per APDU', perApdu, 'transfers', 2);
  if (perApdu > 2) process.exitCode = 1;
  const ours = await fastest(() => driver(connection));
  // The driver gives its reads up before the bare loop has the endpoint to itself; the card stays in its protocol.
  await connection.disconnect();
  await reader.close();
  await device.open();
  await device.claimInterface(0);
  await device.transferOut(1, Uint8Array.of(0x62, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  await device.transferIn(2, 576);
  if (level.name.startsWith('TPDU')) {
    const isT1 = level.atr === T1;
    const structure = isT1 ? [0x11, 0x10, 0, 0x4d, 0, 0xfe, 0] : [0x11, 0, 0, 10, 0];
    await device.transferOut(
      1,
      Uint8Array.from([0x61, structure.length, 0, 0, 0, 0, 1, isT1 ? 1 : 0, 0, 0, ...structure]),
    );
    await device.transferIn(2, 576);
    if (isT1) {
      await device.transferOut(1, Uint8Array.from([0x6f, 5, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0xc1, 1, 0xfe, 0x3e]));
      await device.transferIn(2, 576);
    }
  }
  let done = 0;
  const theirs = await fastest(() => bare(device, level.wrap, (done += ROUNDS) - ROUNDS));
  print('processor time, beside the bare loop', (ours / ROUNDS) * 1000, 'µs', (theirs / ROUNDS) * 1000);
  await endBus?.();
}
