import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64, myNumberPersonalisation } from './cards.ts';
import { expectThat } from './check.ts';
import { LabError } from '../lab-error.ts';
import { Daemon, runProgram, tryProgram, waitFor } from './programs.ts';

/** libccid asks a new reader once, and pcscd lists none that was too slow then: plugging it in again is what helps. */
const READER_PATIENCE_MS = 90_000;

/** pcscd with libccid, and OpenSC before them: the stack that Linux has, and nobody here wrote. */
export interface Pcsc {
  /** The number of the reader whose name has `part` in it, once it is listed, with a card unless none is needed. */
  findReader(part: string, options?: { readonly needsCard: boolean }): Promise<number>;
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
    async findReader(part, { needsCard } = { needsCard: true }) {
      let listed = '';
      const find = async (): Promise<number | undefined> => {
        listed = (await tryProgram('opensc-tool', ['--list-readers'], { env })).output;
        const line = listed.split('\n').find((candidate) => candidate.includes(part));
        const [, number] = (needsCard ? /^(\d+)\s+Yes\b/ : /^(\d+)\s/).exec(line ?? '') ?? [];
        return number === undefined ? undefined : Number(number);
      };
      try {
        return await waitFor(`reader ${part}`, find, { patienceMs: READER_PATIENCE_MS });
      } catch (cause) {
        const words = `pcscd lists «${listed.trim()}» and says «${daemon.said.trim()}»`;
        throw new LabError('nothing_happened', `no reader ${part} with a card came: ${words}`, { cause });
      }
    },
    openSc: (program, ...args) => runProgram(program, args, { env }),
    stop: () => daemon.stop(),
  };
}

/** Recognises the card, lists its certificates and reads one. @throws {LabError} `check_failed`, `program_failed` */
export async function readThroughOpenSc(pcsc: Pcsc, number: number): Promise<string> {
  const reader = ['--reader', String(number)];
  const name = (await pcsc.openSc('opensc-tool', ...reader, '--name')).trim();
  expectThat(name === 'jpki', `OpenSC takes the card for ${name}`);
  const list = await pcsc.openSc('pkcs15-tool', ...reader, '--list-certificates');
  const count = list.match(/X\.509 Certificate \[/g)?.length ?? 0;
  expectThat(count === 4, `OpenSC lists ${count} certificates`);
  const output = await pcsc.openSc('pkcs15-tool', ...reader, '--read-certificate', '1');
  const pem = /-----BEGIN[^]*END CERTIFICATE-----/.exec(output)?.[0] ?? '';
  const isSame = new X509Certificate(pem).raw.equals(fromBase64(myNumberPersonalisation.authCertificate));
  expectThat(isSame, 'OpenSC reads another certificate than the card has');
  return `jpki, ${count} certificates, the first byte for byte`;
}
