import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, runProgram, tryProgram, waitFor } from './programs.ts';

/** pcscd with libccid, and OpenSC before them: the stack that Linux has, and nobody here wrote. */
export interface Pcsc {
  /** The number of the reader whose name has `part` in it, once it is listed with a card. */
  findReader(part: string): Promise<number>;
  /** Runs one of OpenSC's programs. */
  openSc(program: string, ...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** @param drivers OpenSC's card drivers to try; each card that it knows costs a second here */
export async function startPcsc(drivers = 'jpki'): Promise<Pcsc> {
  const folder = mkdtempSync(join(tmpdir(), 'pcsc-'));
  // Readers by USB only: the host may have virtual ones in its configuration.
  mkdirSync(join(folder, 'readers'));
  const daemon = new Daemon('/usr/sbin/pcscd', ['--foreground', '--error', '--config', join(folder, 'readers')]);
  const configuration = join(folder, 'opensc.conf');
  writeFileSync(configuration, drivers === 'all' ? '' : `app default { card_drivers = ${drivers}; }\n`);
  const env = { OPENSC_CONF: configuration };
  await waitFor('pcscd', () => existsSync('/run/pcscd/pcscd.comm') || undefined);
  return {
    findReader: (part) =>
      waitFor(`reader with a card named ${part}`, async () => {
        const { output } = await tryProgram('opensc-tool', ['--list-readers'], { env });
        const line = output.split('\n').find((candidate) => candidate.includes(part));
        const [, number] = /^(\d+)\s+Yes\b/.exec(line ?? '') ?? [];
        return number === undefined ? undefined : Number(number);
      }),
    openSc: (program, ...args) => runProgram(program, args, { env }),
    stop: () => daemon.stop(),
  };
}
