import type { Check } from './check.ts';
import { chromiumChecks } from './chromium-checks.ts';
import { nodeUsbChecks } from './node-usb-checks.ts';
import { pcscChecks } from './pcsc-checks.ts';
import { qemuChecks } from './qemu-checks.ts';

/** Everything that the lab finds out, in the order in which it does. */
export const ALL_CHECKS: readonly Check[] = [...qemuChecks, ...nodeUsbChecks, ...pcscChecks, ...chromiumChecks];
