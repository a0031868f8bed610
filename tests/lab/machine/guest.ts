import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Kernel } from './kernel.ts';

export interface GuestOptions {
  readonly kernel: Kernel;
  readonly initrd: string;
  /** A folder of the host that the guest sees, and may write to, as `/share`. */
  readonly share: string;
  /** Where QEMU's own reader waits for a card: a path for a socket. */
  readonly cardSocket: string;
  /** Where everything is kept that the guest prints. */
  readonly log: string;
  /** The guest is stopped after this many seconds, whatever it does. */
  readonly timeoutSeconds: number;
}

/** A virtual machine that runs. */
export interface Guest {
  /** What it prints, line by line, until it ends. */
  readonly lines: AsyncIterable<string>;
  /** Ends it at once; resolves when it has. */
  stop(): Promise<void>;
}

/** Starts the guest, emulated to the last instruction: what hardware virtualisation there is may not work for a guest. */
export function startGuest(options: GuestOptions): Guest {
  const { kernel, initrd, share, cardSocket, timeoutSeconds } = options;
  const shared = (path: string, tag: string, rest = ''): string[] => [
    '-virtfs',
    `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap${rest}`,
  ];
  const args = [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', '3072', '-smp', '2'],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    ...[
      '-kernel',
      kernel.image,
      '-initrd',
      initrd,
      '-append',
      'console=ttyS0 quiet loglevel=3 panic=-1 random.trust_cpu=on',
    ],
    ...shared('/', 'root', ',readonly=on'),
    ...shared(share, 'share'),
    ...['-device', 'virtio-rng-pci', '-device', 'qemu-xhci,id=xhci'],
    ...['-chardev', `socket,id=card,path=${cardSocket},server=on,wait=off`],
    ...['-device', 'usb-ccid,id=ccid0,bus=xhci.0', '-device', 'ccid-card-passthru,chardev=card,bus=ccid0.0'],
  ];
  // `timeout` outlives this program, should it be killed.
  const machine = spawn('timeout', ['-k', '5', String(timeoutSeconds), 'qemu-system-x86_64', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(machine, 'exit');
  const log = createWriteStream(options.log);
  machine.stdout.pipe(log, { end: false });
  machine.stderr.pipe(log, { end: false });
  return { lines: createInterface({ input: machine.stdout }), stop: () => stop(machine, ended) };
}

async function stop(machine: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (machine.exitCode === null && machine.signalCode === null) machine.kill();
  await ended;
}
