import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LabError } from '../lab-error.ts';
import type { Kernel } from './kernel.ts';

/** What the guest needs before it has a root file system, and the USB controllers, because it has no modules later. */
const MODULES = [
  'virtio_pci',
  'virtio_rng',
  '9pnet_virtio',
  '9p',
  'overlay',
  'xhci_pci',
  'vhci_hcd',
  'usbhid',
] as const;

/** Packs busybox, a few modules and the first script into a file that the kernel unpacks. Returns its path. */
export function buildInitrd(cache: string, kernel: Kernel): string {
  const folder = join(cache, 'initrd');
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['bin', 'modules', 'proc', 'sys', 'dev', 'lower', 'upper', 'root'])
    mkdirSync(join(folder, name), { recursive: true });
  const busybox = existsSync('/bin/busybox') ? '/bin/busybox' : '/usr/bin/busybox';
  copyFileSync(busybox, join(folder, 'bin/busybox'));
  copyFileSync(new URL('init.sh', import.meta.url), join(folder, 'init'));
  chmodSync(join(folder, 'init'), 0o755);
  const modules = inLoadingOrder(readFileSync(join(kernel.modules, 'modules.dep'), 'utf8'), MODULES);
  for (const module of modules) copyFileSync(join(kernel.modules, module), join(folder, 'modules', basename(module)));
  writeFileSync(join(folder, 'modules/order'), modules.map((module) => `${basename(module)}\n`).join(''));
  // Not compressed: unpacking costs an emulated processor more than reading.
  const archive = execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc'], { cwd: folder, maxBuffer: 2 ** 28 });
  const file = join(cache, 'initrd.img');
  writeFileSync(file, archive);
  return file;
}

/**
 * Modules and all that they need, each behind what it needs.
 *
 * @param dependencies `modules.dep` of depmod: a module, a colon, and what it needs, the nearest first
 * @throws {LabError} `no_kernel` when the kernel has no such module
 */
export function inLoadingOrder(dependencies: string, wanted: readonly string[]): readonly string[] {
  const needs = new Map<string, readonly string[]>();
  for (const line of dependencies.split('\n')) {
    const [module, rest = ''] = line.split(':');
    if (module) needs.set(nameOf(module), [module, ...rest.split(' ').filter((part) => part !== '')]);
  }
  const order = wanted.flatMap((name) => {
    const modules = needs.get(name);
    if (!modules) throw new LabError('no_kernel', `the kernel has no module ${name}`);
    return modules.toReversed();
  });
  return [...new Set(order)];
}

const nameOf = (module: string): string => basename(module, '.ko').replaceAll('-', '_');
