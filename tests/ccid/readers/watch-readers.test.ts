import { expect, it } from 'vitest';
import { requestReader, watchReaders, type Reader, type ReaderWatch } from '../../../ccid/index.ts';
import { createSimulatedReader, SimulatedUsb } from '../../../ccid/simulated/index.ts';
import { ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';

function until(watch: ReaderWatch, isEnough: (readers: readonly Reader[]) => boolean): Promise<readonly Reader[]> {
  return new Promise((resolve) => {
    watch.subscribe((readers) => {
      if (isEnough(readers)) resolve(readers);
    });
  });
}

it('lists permitted devices at once, chosen ones when chosen, and follows the plug', async () => {
  const usb = new SimulatedUsb();
  const [known, stranger] = [
    createSimulatedReader({ serialNumber: 'A' }),
    createSimulatedReader({ serialNumber: 'B' }),
  ];
  usb.attach(known.device, { isPermitted: true });
  const watch = watchReaders(usb);
  const [first] = await until(watch, (readers) => readers.length === 1);
  expect(first?.facts.serialNumber).toBe('A');

  usb.attach(stranger.device);
  expect(watch.readers).toHaveLength(1);
  usb.detach(known.device);
  await until(watch, (readers) => readers.length === 0);

  const chosen = await requestReader(usb);
  expect(watch.readers).toEqual([chosen]);
  await watch.close();
});

it('finds a reader again after it was unplugged in the middle of a card', async () => {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader();
  usb.attach(simulated.device, { isPermitted: true });
  simulated.insert(createTestCard(ATR_T1));
  const watch = watchReaders(usb);
  const [before] = await until(watch, (readers) => readers.length === 1);
  const connection = await before!.connect();
  usb.detach(simulated.device);
  const command = Uint8Array.of(0, 0xb0, 0, 0, 16);
  await expect(connection.transmit(command)).rejects.toMatchObject({ code: 'reader_gone' });
  await until(watch, (readers) => readers.length === 0);

  usb.attach(simulated.device);
  const [after] = await until(watch, (readers) => readers.length === 1);
  expect(after).not.toBe(before);
  expect(after?.id).toBe(before?.id);
  const again = await after!.connect();
  expect(await again.transmit(command)).toEqual(expectedAnswer(command));
  await watch.close();
});

it('stays empty without WebUSB', async () => {
  const watch = watchReaders(undefined);
  expect(watch.readers).toEqual([]);
  await watch.close();
});
