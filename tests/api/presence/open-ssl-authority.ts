import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, parseCertificate } from '#api/contract/certificate.ts';
import { parseBase64 } from '#api/contract/encoding.ts';

/** Why openssl cannot play the authority here, or `undefined` when it can. */
export const whyNoOpenSsl = (): string | undefined =>
  existsSync('/usr/bin/openssl') ? undefined : 'openssl is missing (Debian: openssl)';

const CONFIGURATION = `
[ca_ext]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
[leaf_ext]
keyUsage = critical, digitalSignature
[responder_ext]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, OCSPSigning
noCheck = ignored
[checked_responder_ext]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, OCSPSigning
[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
`;

export type Answerer = 'authority' | 'responder' | 'checkedResponder' | 'leaf' | 'stranger';

/** A certification authority made by openssl in a folder of its own, with one good and one revoked certificate. */
export interface OpenSslAuthority {
  readonly issuer: Certificate;
  readonly good: Certificate;
  readonly revoked: Certificate;
  /** Has `openssl ocsp` answer a request (DER), signed by one of its people. */
  answer(request: Uint8Array, by: Answerer, ...args: readonly string[]): Promise<Uint8Array>;
  close(): void;
}

export function createOpenSslAuthority(): OpenSslAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const at = (name: string) => join(folder, name);
  const run = (...args: string[]) => execFileSync('/usr/bin/openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string): Certificate => {
    const body = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(readFileSync(at(name), 'utf8'))?.[1] ?? '';
    return parseCertificate(parseBase64(body.replace(/\s/g, '')));
  };
  writeFileSync(at('configuration'), CONFIGURATION);
  writeFileSync(at('index'), '');
  writeFileSync(at('serial'), '1001\n');

  const selfSigned = (name: string, subject: string) =>
    run(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-sha256', '-days', '30', '-subj', subject],
      ...['-config', 'configuration', '-extensions', 'ca_ext', '-keyout', `${name}.key`, '-out', `${name}.pem`],
    );
  const issue = (name: string, extensions: string) => {
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`];
    run('req', '-new', '-subj', `/CN=${name}`, '-config', 'configuration', ...key);
    run(
      ...['ca', '-batch', '-config', 'configuration', '-extensions', extensions, '-days', '20', '-notext'],
      ...['-cert', 'authority.pem', '-keyfile', 'authority.key', '-in', `${name}.csr`, '-out', `${name}.pem`],
    );
  };
  writeFileSync(at('configuration'), `[req]\ndistinguished_name = name\n[name]\n${CONFIGURATION}`);
  selfSigned('authority', '/CN=authority');
  selfSigned('stranger', '/CN=authority');
  issue('good', 'leaf_ext');
  issue('revoked', 'leaf_ext');
  issue('responder', 'responder_ext');
  issue('checkedResponder', 'checked_responder_ext');
  run(
    'ca',
    '-config',
    'configuration',
    '-cert',
    'authority.pem',
    '-keyfile',
    'authority.key',
    '-revoke',
    'revoked.pem',
  );

  return {
    issuer: read('authority.pem'),
    good: read('good.pem'),
    revoked: read('revoked.pem'),
    async answer(request, by, ...args) {
      writeFileSync(at('request'), request);
      const signer = by === 'leaf' ? 'good' : by;
      const child = spawn(
        '/usr/bin/openssl',
        [
          ...['ocsp', '-index', 'index', '-CA', 'authority.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`],
          ...['-reqin', 'request', '-respout', 'response', ...args],
        ],
        { cwd: folder, stdio: 'ignore' },
      );
      await once(child, 'exit');
      return readFileSync(at('response'));
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
