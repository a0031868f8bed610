/// <reference types="w3c-web-usb" />
import type { usb as packageUsb } from 'usb';
import { describe, expect, it } from 'vitest';
import { requestReader, watchReaders, type Reader } from '../../../ccid/index.ts';
import { composeDevices, createSimulatedRcS380, createSimulatedReader } from '../../../ccid/simulated/index.ts';
import { createNodeUsb, type NodeUsb } from '../../../ccid/transport/node-usb/node-usb.ts';
import type { NativeUsb } from '../../../ccid/transport/node-usb/node-usb-api.ts';
import { ATR_T1, createTestCard, expectedAnswer } from '../readers/test-card.ts';
import { FakeNodeUsb } from './fake-node-usb.ts';

/** The package's own `usb` is what the transport asks for. */
type Accepts = typeof packageUsb extends NativeUsb ? true : never;
const isAccepted: Accepts = true;

const READ = Uint8Array.of(0, 0xb0, 0, 0, 200);
const isQuick = { packetReadMs: 5 };

function create(): { fake: FakeNodeUsb; usb: NodeUsb } {
  const fake = new FakeNodeUsb();
  return { fake, usb: createNodeUsb(fake, isQuick) };
}

describe('readers over node-usb', () => {
  it('takes the package itself', () => expect(isAccepted).toBe(true));

  it.each(['extended-apdu', 'short-apdu', 'tpdu-t1', 'character'] as const)(
    'carries APDUs to a %s reader',
    async (level) => {
      const { fake, usb } = create();
      const simulated = createSimulatedReader({ level });
      fake.plugIn(simulated.device);
      simulated.insert(createTestCard(ATR_T1));
      const reader = await requestReader(usb);
      const card = await reader.connect();
      for (let round = 0; round < 3; round++) expect(await card.transmit(READ)).toEqual(expectedAnswer(READ));
      await reader.close();
      usb.close();
    },
  );

  it('reaches class 0B, which only browsers protect', async () => {
    const { fake, usb } = create();
    const simulated = createSimulatedReader({ interfaceClass: 0x0b });
    fake.plugIn(simulated.device);
    simulated.insert(createTestCard(ATR_T1));
    const reader = await requestReader(usb);
    expect(await (await reader.connect()).transmit(READ)).toEqual(expectedAnswer(READ));
    await reader.close();
    usb.close();
  });

  it('claims a contactless reader', async () => {
    const { fake, usb } = create();
    fake.plugIn(createSimulatedRcS380().device);
    const reader = await requestReader(usb);
    await expect(reader.connect()).rejects.toMatchObject({ code: 'card_absent' });
    await reader.close();
    usb.close();
  });

  it('says who may hold a busy interface, and works when it is free', async () => {
    const { fake, usb } = create();
    const simulated = createSimulatedReader();
    fake.plugIn(simulated.device);
    const giveBack = fake.hold(simulated.device);
    await expect(requestReader(usb)).rejects.toMatchObject({ code: 'reader_busy' });
    giveBack();
    await (await requestReader(usb)).close();
    usb.close();
  });

  it('says reader_denied where the system does not let the device be opened', async () => {
    const { fake, usb } = create();
    fake.plugIn(createSimulatedReader().device, { isDenied: true });
    await expect(requestReader(usb)).rejects.toMatchObject({ code: 'reader_denied' });
    usb.close();
  });

  it('follows unplugging and coming back, although node-usb names devices anew each time', async () => {
    const { fake, usb } = create();
    const simulated = createSimulatedReader();
    const watch = watchReaders(usb);
    const until = (count: number): Promise<void> =>
      new Promise((resolve) => {
        const stop = watch.subscribe((readers) => {
          if (readers.length !== count) return;
          queueMicrotask(() => stop());
          resolve();
        });
      });
    fake.plugIn(simulated.device);
    await until(1);
    simulated.insert(createTestCard(ATR_T1));
    const [first] = watch.readers;
    const card = await first!.connect();
    fake.unplug(simulated.device);
    await until(0);
    await expect(card.transmit(READ)).rejects.toMatchObject({ code: 'reader_gone' });
    await card.disconnect();

    fake.plugIn(simulated.device);
    await until(1);
    expect(watch.readers[0]!.id).toBe(first!.id);
    const again = await watch.readers[0]!.connect();
    expect(await again.transmit(READ)).toEqual(expectedAnswer(READ));
    await again.disconnect();
    await watch.close();
    usb.close();
    expect(fake.listenerCount).toBe(0);
  });

  it('has two interfaces of a device at once, although a read waits on each and node-usb claims nothing then', async () => {
    const { fake, usb } = create();
    const both = [createSimulatedReader({ interfaceClass: 0x0b }), createSimulatedReader({ level: 'tpdu-t1' })];
    const identity = { vendorId: 0x1209, productId: 2, productName: 'Two readers', serialNumber: 'TWO-1' };
    const device = composeDevices(identity, both);
    for (const reader of both) reader.insert(createTestCard(ATR_T1));
    const watch = watchReaders(usb);
    const until = (count: number): Promise<readonly Reader[]> =>
      new Promise((resolve) => {
        const stop = watch.subscribe((readers) => {
          if (readers.length !== count) return;
          queueMicrotask(() => stop());
          resolve(readers);
        });
      });
    for (const round of [1, 2]) {
      fake.plugIn(device);
      const readers = await until(2);
      expect(readers.map(({ facts }) => facts.interfaceNumber).sort(), `round ${round}`).toEqual([0, 1]);
      for (const reader of readers) reader.watchCard(() => undefined);
      const cards = await Promise.all(readers.map((reader) => reader.connect()));
      for (let i = 0; i < 3; i++)
        for (const card of cards) expect(await card.transmit(READ)).toEqual(expectedAnswer(READ));
      // One goes, the other stays; and comes back.
      await readers[0]!.close();
      expect(await cards[1]!.transmit(READ)).toEqual(expectedAnswer(READ));
      const again = await readers[0]!.connect();
      expect(await again.transmit(READ)).toEqual(expectedAnswer(READ));
      fake.unplug(device);
      await until(0);
      for (const card of [again, cards[1]!])
        await expect(card.transmit(READ)).rejects.toMatchObject({ code: 'reader_gone' });
    }
    await watch.close();
    usb.close();
    expect(fake.listenerCount).toBe(0);
  });

  it('is one device however often it is asked for', async () => {
    const { fake, usb } = create();
    fake.plugIn(createSimulatedReader().device);
    const [one] = await usb.getDevices();
    const [other] = await usb.getDevices();
    expect(one).toBe(other);
  });

  it('leaves out what cannot be a reader, and lets the caller choose', async () => {
    const fake = new FakeNodeUsb();
    const keyboard = createSimulatedReader({ interfaceClass: 0x0b });
    const descriptor = keyboard.device.gadget.configurationDescriptor.slice();
    descriptor[9 + 5] = 0x03;
    keyboard.faults.descriptor = descriptor;
    fake.plugIn(keyboard.device);
    fake.plugIn(createSimulatedReader({ productName: 'One' }).device);
    fake.plugIn(createSimulatedReader({ productName: 'Two' }).device);
    const usb = createNodeUsb(fake, { ...isQuick, choose: (devices) => devices.find((d) => d.productName === 'Two') });
    expect((await usb.getDevices()).map(({ productName }) => productName)).toEqual(['One', 'Two']);
    const reader = await requestReader(usb);
    expect(reader.name).toBe('Two');
    await reader.close();
    const none = createNodeUsb(fake, { ...isQuick, choose: () => undefined });
    await expect(requestReader(none)).rejects.toMatchObject({ code: 'no_reader_chosen' });
    usb.close();
  });

  it('lets whoever claims an interface again take over the read that could not be taken back', async () => {
    const fake = new FakeNodeUsb();
    const simulated = createSimulatedReader({ slotChangeInterrupt: true });
    fake.plugIn(simulated.device);
    const usb = createNodeUsb(fake, { packetReadMs: 60_000 });
    const [device] = await usb.getDevices();
    await device!.open();
    await device!.claimInterface(0);
    const first = device!.transferIn(3, 8);
    await device!.close();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(device!.opened).toBe(false);

    await device!.open();
    await device!.claimInterface(0);
    // The endpoint is busy with the first read, and node-usb takes no second one.
    const second = device!.transferIn(3, 8);
    simulated.insert(createTestCard(ATR_T1));
    const { data } = await second;
    expect(data && [...new Uint8Array(data.buffer)]).toEqual([0x50, 0x03]);
    await device!.close();
    usb.close();
  });
});
