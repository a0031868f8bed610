import { existsSync } from 'node:fs';
import { installPackages } from '../../run/debian-packages.ts';

/** What the lab runs, by a file of each, and what Debian calls it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  '/usr/bin/qemu-system-x86_64': 'qemu-system-x86',
  '/bin/busybox': 'busybox-static',
  '/usr/bin/kmod': 'kmod',
  '/usr/bin/cpio': 'cpio',
  '/usr/lib/systemd/systemd-udevd': 'udev',
  '/usr/sbin/usbip': 'usbip',
  '/usr/sbin/pcscd': 'pcscd',
  '/usr/lib/pcsc/drivers/ifd-ccid.bundle': 'libccid',
  '/usr/bin/opensc-tool': 'opensc',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/chromium': 'chromium',
};

const missing = (): readonly (readonly [string, string])[] =>
  Object.entries(PROGRAMS).filter(([file]) => !existsSync(file) && !existsSync(`/usr${file}`));

/** Installs what is missing when we may. Why the lab cannot be built on this machine, or `undefined` when it can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'it is built from the packages of Debian on x86-64';
  if (missing().length > 0) installPackages(missing().map(([, name]) => name));
  const names = missing().map(([, name]) => name);
  if (names.length > 0) return `Debian's packages are missing and could not be installed: ${names.join(' ')}`;
  return process.getuid?.() === 0 ? undefined : 'the guest shares the root file system, which wants root';
}
