import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lab-error.ts';

export interface Kernel {
  /** The compressed kernel that QEMU starts. */
  readonly image: string;
  /** `lib/modules/VERSION`, with the list of which module needs which. */
  readonly modules: string;
}

/**
 * Debian's kernel, downloaded and unpacked once; nothing of it is installed on this machine. The package is the one that
 * `linux-image-amd64` stands for: the cloud flavour has neither USB nor 9p.
 *
 * @throws {LabError} `no_kernel` when it cannot be downloaded
 */
export function fetchKernel(cache: string): Kernel {
  const folder = join(cache, 'kernel');
  if (!existsSync(folder)) unpack(cache, folder);
  const version = readdirSync(join(folder, 'lib/modules'))[0];
  if (!version) throw new LabError('no_kernel', 'the package has no modules');
  return { image: join(folder, `boot/vmlinuz-${version}`), modules: join(folder, 'lib/modules', version) };
}

function unpack(cache: string, folder: string): void {
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const depends = run('apt-cache', 'depends', 'linux-image-amd64');
    const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
    if (!name) throw new LabError('no_kernel', 'the package lists name no kernel; type: apt-get update');
    run('apt-get', 'download', '-q', name);
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    run('dpkg', '-x', archive ?? '', '.');
    const version = readdirSync(join(work, 'lib/modules'))[0] ?? '';
    run('depmod', '-b', work, version);
    rmSync(join(work, archive ?? ''));
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('no_kernel', 'the kernel could not be downloaded', { cause });
  }
  // Moved when it is whole: half a kernel would be taken for one next time.
  mkdirSync(cache, { recursive: true });
  renameSync(work, folder);
}
