import { existsSync } from 'node:fs';
import { installPackages } from './debian-packages.ts';

/** What OpenSC, pcscd, its virtual reader, openssl and PostgreSQL are called in Debian, by a file or folder of each. */
const PACKAGES: Readonly<Record<string, string>> = {
  '/usr/bin/pkcs11-tool': 'opensc',
  '/usr/sbin/pcscd': 'pcscd',
  '/usr/lib/pcsc/drivers/serial/libifdvpcd.so': 'vsmartcard-vpcd',
  '/usr/bin/openssl': 'openssl',
  '/usr/lib/postgresql': 'postgresql',
};

/** Installs the programs that know nothing of us and check our work. Tests that miss one are left out, and say so. */
export function installForeignPrograms(): void {
  const missing = Object.entries(PACKAGES).filter(([file]) => !existsSync(file));
  if (missing.length > 0) installPackages(missing.map(([, name]) => name));
}
