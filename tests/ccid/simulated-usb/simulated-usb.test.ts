import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { createSimulatedReader, SimulatedUsb } from '../../../ccid/simulated/index.ts';
import type { UsbDevice } from '../../../ccid/transport/usb-api.ts';
import { ATR_T0, createTestCard } from '../readers/test-card.ts';

const ANY = { filters: [{ classCode: 0xff }, { classCode: 0x0b }] };

async function opened(usb: SimulatedUsb): Promise<UsbDevice> {
  const device = await usb.requestDevice(ANY);
  await device.open();
  return device;
}

describe('permission', () => {
  it('is given by choosing and remembered by serial number', async () => {
    const usb = new SimulatedUsb();
    const [numbered, nameless] = [createSimulatedReader(), createSimulatedReader({ serialNumber: '', productId: 2 })];
    usb.attach(numbered.device);
    usb.attach(nameless.device);
    expect(await usb.getDevices()).toEqual([]);
    const first = await usb.requestDevice({ filters: [{ productId: 1 }] });
    await usb.requestDevice({ filters: [{ productId: 2 }] });
    expect(await usb.getDevices()).toHaveLength(2);
    for (const { device } of [numbered, nameless]) usb.detach(device);
    expect(await usb.getDevices()).toEqual([]);
    for (const { device } of [numbered, nameless]) usb.attach(device);
    const [again, ...others] = await usb.getDevices();
    expect(others).toEqual([]);
    expect(again).not.toBe(first);
    expect(again?.serialNumber).toBe(first.serialNumber);
  });

  it('is refused by who closes the chooser or finds nothing in it', async () => {
    const usb = new SimulatedUsb({ choose: () => undefined });
    usb.attach(createSimulatedReader().device);
    await expect(usb.requestDevice(ANY)).rejects.toMatchObject({ name: 'NotFoundError' });
    const other = new SimulatedUsb();
    other.attach(createSimulatedReader().device);
    await expect(other.requestDevice({ filters: [{ classCode: 3 }] })).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('goes with events, in and out', async () => {
    const usb = new SimulatedUsb();
    const events: string[] = [];
    usb.addEventListener('connect', ({ device }) => events.push(`in ${device.productName}`));
    const { device } = createSimulatedReader();
    usb.attach(device, { isPermitted: true });
    const left = new Promise<void>((resolve) => {
      usb.addEventListener('disconnect', ({ device: gone }) => {
        events.push(`out ${gone.productName}`);
        resolve();
      });
    });
    usb.detach(device);
    await left;
    expect(events).toEqual(['in Simulated reader', 'out Simulated reader']);
  });
});

describe('a simulated device', () => {
  it('wants to be opened and claimed first, like a real one', async () => {
    const usb = new SimulatedUsb();
    usb.attach(createSimulatedReader().device);
    const device = await usb.requestDevice(ANY);
    await expect(device.claimInterface(0)).rejects.toMatchObject({ name: 'InvalidStateError' });
    await device.open();
    await expect(device.transferIn(2, 64)).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(device.claimInterface(1)).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(device.selectConfiguration(2)).rejects.toMatchObject({ name: 'NotFoundError' });
    await device.claimInterface(0);
    await device.claimInterface(0);
    await device.releaseInterface(0);
    await expect(device.transferOut(1, new Uint8Array(1))).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('shows its configuration descriptor and the layout that follows from it', async () => {
    const usb = new SimulatedUsb();
    usb.attach(createSimulatedReader().device);
    const device = await opened(usb);
    const setup = { requestType: 'standard', recipient: 'device', request: 6, value: 0x0200, index: 0 } as const;
    const { data } = await device.controlTransferIn(setup, 255);
    expect(data?.byteLength).toBe(9 + 9 + 54 + 21);
    expect(data?.getUint16(2, true)).toBe(data?.byteLength);
    expect(device.configurations[0]?.interfaces[0]?.alternates[0]).toMatchObject({
      interfaceClass: 0xff,
      endpoints: [
        { endpointNumber: 1, direction: 'out', type: 'bulk', packetSize: 64 },
        { endpointNumber: 2, direction: 'in', type: 'bulk', packetSize: 64 },
        { endpointNumber: 3, direction: 'in', type: 'interrupt', packetSize: 8 },
      ],
    });
    expect((await device.controlTransferIn({ ...setup, value: 0x0201 }, 9)).status).toBe('stall');
  });

  it('speaks CCID bytes that were written down by hand', async () => {
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader({ level: 'tpdu-t0' });
    usb.attach(simulated.device);
    const device = await opened(usb);
    await device.claimInterface(0);
    const ask = async (hex: string): Promise<string> => {
      await device.transferOut(1, parseHex(hex));
      const { data } = await device.transferIn(2, 320);
      return Buffer.from(data?.buffer ?? new ArrayBuffer()).toString('hex');
    };
    expect(await ask('65 00000000 00 00 000000')).toBe('81000000000000020001');
    simulated.insert(createTestCard(ATR_T0));
    const { data: change } = await device.transferIn(3, 8);
    expect([change?.getUint8(0), change?.getUint8(1)]).toEqual([0x50, 0x03]);
    expect(await ask('65 00000000 00 01 000000')).toBe('81000000000001010001');
    expect(await ask('62 00000000 00 02 000000')).toBe('800200000000020000003b00');
    expect(await ask('6F 05000000 00 03 000000 0044000000')).toBe('800200000000030000009000');
    expect(await ask('65 00000000 05 04 000000')).toBe('81000000000504420500');
    expect(await ask('70 00000000 00 05 000000')).toBe('81000000000005400000');
  });

  it('fails what is under way when the plug is pulled', async () => {
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader();
    usb.attach(simulated.device);
    const device = await opened(usb);
    await device.claimInterface(0);
    const reading = device.transferIn(2, 64);
    await Promise.resolve();
    usb.detach(simulated.device);
    await expect(reading).rejects.toBeInstanceOf(DOMException);
    await expect(device.open()).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});
