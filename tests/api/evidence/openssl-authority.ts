import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCertificate } from '../../../api/contract/certificate.ts';
import { parsePemCertificates } from '../../../api/contract/pem.ts';

/** Whether Debian's `openssl ts`, an authority we did not write, is here to test against. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

const CONFIGURATION = `
[tsa]
default_tsa = test
[test]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[authority]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[server]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
`;

export const KEY_KINDS = {
  'RSA-2048': ['-newkey', 'rsa:2048'],
  'P-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
} as const;

/** A time-stamping authority made of `openssl ts`, with its own root. */
export function openOpensslAuthority(kind: keyof typeof KEY_KINDS) {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const run = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(join(folder, 'c.cnf'), CONFIGURATION);
  writeFileSync(join(folder, 'serial'), '01\n');
  const key = [...KEY_KINDS[kind], '-nodes', '-config', 'c.cnf'];
  run(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Root',
    '-extensions',
    'root',
  );
  run('req', ...key, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Authority');
  const sign = ['x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
  run(...sign, '-extfile', 'c.cnf', '-out', 'tsa.pem', '-extensions', 'authority');

  return {
    anchors: parsePemCertificates(readFileSync(join(folder, 'ca.pem'), 'utf8')).map(parseCertificate),
    /** Answers an RFC 3161 request. */
    reply(request: Uint8Array): Uint8Array<ArrayBuffer> {
      writeFileSync(join(folder, 'request.tsq'), request);
      const signer = ['-signer', 'tsa.pem', '-inkey', 'tsa.key'];
      run('ts', '-reply', '-config', 'c.cnf', '-queryfile', 'request.tsq', ...signer, '-out', 'reply.tsr');
      return new Uint8Array(readFileSync(join(folder, 'reply.tsr')));
    },
    /** Whether OpenSSL accepts a token over a digest. */
    accepts(token: Uint8Array, digest: Uint8Array): boolean {
      writeFileSync(join(folder, 'token.der'), token);
      const hex = Buffer.from(digest).toString('hex');
      const args = ['ts', '-verify', '-digest', hex, '-in', 'token.der', '-token_in', '-CAfile', 'ca.pem'];
      return spawnSync('openssl', args, { cwd: folder }).status === 0;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
