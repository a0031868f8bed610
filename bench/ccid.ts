import { requestReader, type CardConnection } from 'webusb-ccid';
import { SimulatedUsb } from 'webusb-ccid/simulated';
import { acrossAThread } from './ccid/across-a-thread.ts';
import { LEVELS, type Level } from './ccid/levels.ts';
import { recordTransfers } from './ccid/transfer-tape.ts';
import { report, say } from './report/report.ts';

/**
 * What the driver costs: bulk transfers per APDU beside the fewest that the exchange level allows, and its processor time
 * per APDU beside that of the very same transfers made again without a driver, on the same reader and card.
 *
 * The second is a ratio with a limit where a transfer crosses a thread, as each does in a browser (to the process that
 * owns the device) and in node-usb. On a bus in memory, where a transfer costs no more than a few promises, it is told
 * as what the driver adds.
 *
 * Exits 1 when there are more transfers than the fewest, or the ratio is above its limit.
 */
const ROUNDS = 1000;
const TURNS = 7;
const RATIO_MAX = 1.3;

async function exchange(connection: CardConnection, { command }: Level, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) await connection.transmit(command);
}

/** Processor time, µs. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function measure(level: Level, isAcrossAThread: boolean): Promise<void> {
  const usb = new SimulatedUsb();
  const answer = Promise.resolve(level.answer);
  usb.attach(level.create({ atr: Uint8Array.from(level.atr), reset: () => undefined, process: () => answer }));
  const device = await usb.requestDevice({ filters: [{ classCode: 0xff }] });
  const endThread = isAcrossAThread ? acrossAThread(device) : undefined;
  const reader = await requestReader(usb);
  const connection = await reader.connect();

  // Two APDUs: protocols with block numbers are then where they began.
  const { transfers, ...counted } = await recordTransfers(device, () => exchange(connection, level, 2));
  counted.stop();
  if (!isAcrossAThread) tell(`${level.name}: transfers per APDU`, transfers.length / 2, 'transfers', level.fewest);

  let [ours, bare] = [Infinity, Infinity];
  for (let turn = 0; turn < TURNS; turn++) {
    ours = Math.min(ours, await timed(() => exchange(connection, level, ROUNDS)));
    const tape = await recordTransfers(device, () => exchange(connection, level, 2));
    bare = Math.min(
      bare,
      await timed(async () => {
        for (let round = 0; round < ROUNDS; round += 2) await tape.replay();
      }),
    );
    tape.stop();
  }
  if (isAcrossAThread) tell(`${level.name}: processor time, times the bare transfers`, ours / bare, '×', RATIO_MAX);
  else
    report({
      name: `${level.name}: added to ${(bare / ROUNDS).toFixed(1)} µs`,
      value: (ours - bare) / ROUNDS,
      unit: 'µs',
    });
  await connection.disconnect();
  await reader.close();
  await endThread?.();
}

function tell(name: string, value: number, unit: string, limit: number): void {
  report({ name, value, unit, limit });
  if (value > limit) process.exitCode = 1;
}

say('READ BINARY of 240 bytes over simulated USB, in memory');
for (const level of LEVELS) await measure(level, false);
say('\nThe same where each transfer crosses a thread');
for (const level of LEVELS) await measure(level, true);
