import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLinuxHost, type LinuxPlaces } from '../../../ccid/cli/linux-host.ts';
import type { UsbDevice } from '../../../ccid/transport/usb-api.ts';

let root: string;
let places: LinuxPlaces;

/** One reader on bus 1 as address 5, driven by port100 and open in a program. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'linux-host-'));
  places = { devices: join(root, 'devices'), nodes: join(root, 'nodes'), processes: join(root, 'processes') };
  const device = join(places.devices, '1-2');
  const node = join(places.nodes, '001', '005');
  await mkdir(device, { recursive: true });
  await mkdir(join(places.devices, '1-2:1.0'), { recursive: true });
  await mkdir(join(places.devices, 'usb1'), { recursive: true });
  await mkdir(join(places.nodes, '001'), { recursive: true });
  await mkdir(join(places.processes, '4711', 'fd'), { recursive: true });
  const facts = { idVendor: '054c', idProduct: '06c3', busnum: '1', devnum: '5', product: 'RC-S380/P' };
  for (const [name, text] of Object.entries(facts)) await writeFile(join(device, name), `${text}\n`);
  await writeFile(join(device, 'descriptors'), Uint8Array.from([...new Array<number>(18).fill(7), 9, 2, 9, 0, 0]));
  await symlink('/somewhere/drivers/port100', join(places.devices, '1-2:1.0', 'driver'));
  await writeFile(node, '');
  await symlink(node, join(places.processes, '4711', 'fd', '3'));
  await writeFile(join(places.processes, '4711', 'comm'), 'pcscd\n');
});

afterAll(() => rm(root, { recursive: true }));

it('reads what the system tells everybody', async () => {
  expect(await createLinuxHost(places).devices()).toEqual([
    {
      bus: 1,
      address: 5,
      vendorId: 0x054c,
      productId: 0x06c3,
      name: 'RC-S380/P',
      configurationDescriptor: Uint8Array.of(9, 2, 9, 0, 0),
      isAllowed: true,
      kernelDrivers: ['port100'],
      programs: ['pcscd'],
    },
  ]);
});

it('finds the device that the bus means', async () => {
  const host = createLinuxHost(places);
  const device = (facts: object): UsbDevice => facts as UsbDevice;
  expect(await host.find(device({ native: { bus: '001', address: 5 } }))).toMatchObject({ name: 'RC-S380/P' });
  expect(await host.find(device({ native: { bus: '002', address: 5 } }))).toBeUndefined();
  expect(await host.find(device({ vendorId: 0x054c, productId: 0x06c3 }))).toMatchObject({ name: 'RC-S380/P' });
});

it('knows nothing where there is nothing to read', async () => {
  const nowhere = join(root, 'nowhere');
  const host = createLinuxHost({ devices: nowhere, nodes: nowhere, processes: nowhere });
  expect(await host.devices()).toEqual([]);
});
