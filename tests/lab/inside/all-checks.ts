import type { Check } from './check.ts';
import { chromiumChecks } from './chromium-checks.ts';
import { nodeUsbChecks } from './node-usb-checks.ts';
import { pcscChecks } from './pcsc-checks.ts';
import { qemuChecks } from './qemu-checks.ts';

/** Everything that the lab finds out, in the order in which it does. */
export const ALL_CHECKS: readonly Check[] = [...qemuChecks, ...nodeUsbChecks, ...pcscChecks, ...chromiumChecks];

/** One of every kind, for whoever cannot wait for all: both drivers, both classes, all four strangers, and the plug. */
export const CORE: readonly string[] = [
  'qemu/tap',
  'node-usb/unplug',
  'pcsc/tpdu-t1',
  'pcsc/vendor-class',
  'chromium/protected',
  'chromium/unplug',
  'chromium/isolated-unplug',
];
