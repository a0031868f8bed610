import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import { encodeBase64Url } from '../contract/encoding.ts';
import { createNoteSigningJwk, importNoteSigner } from '../contract/evidence/note-signer.ts';
import { encodeVerifierKey } from '../contract/evidence/verifier-key.ts';
import { createDecryptionJwk, createSigningJwk, publicPart, type JWK } from '../contract/jose.ts';

/** Key files of the demonstration: made once, readable by their owner alone. */
export interface KeyRing {
  /** Path of a file with a private JWK, and the public half. */
  signing(node: string): Promise<PublicHalf>;
  encryption(node: string): Promise<PublicHalf>;
  /** @param origin the log's name; `verifierKey` is what others pin */
  log(node: string, origin: string): Promise<{ readonly path: string; readonly verifierKey: string }>;
  /** @param name the witness's, in every cosignature */
  witness(node: string, name: string): Promise<{ readonly path: string; readonly verifierKey: string }>;
  /** Path of a file with 32 random bytes. */
  secret(name: string): Promise<string>;
}

export interface PublicHalf {
  readonly path: string;
  readonly publicKey: EcPublicJwk;
}

export async function openKeyRing(folder: string): Promise<KeyRing> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const jwkFile = async (name: string, create: () => Promise<JWK>) => {
    const path = join(folder, `${name}.json`);
    const text = await readOrCreate(path, async () => JSON.stringify(await create()));
    return { path, jwk: JSON.parse(text) as JWK };
  };
  const half = async (name: string, create: () => Promise<JWK>): Promise<PublicHalf> => {
    const { path, jwk } = await jwkFile(name, create);
    return { path, publicKey: EcPublicJwk.parse(publicPart(jwk)) };
  };
  return {
    signing: (node) => half(`${node}-signing`, createSigningJwk),
    encryption: (node) => half(`${node}-encryption`, createDecryptionJwk),
    async log(node, origin) {
      const { path, jwk } = await jwkFile(`${node}-log`, createNoteSigningJwk);
      return { path, verifierKey: encodeVerifierKey((await importNoteSigner(origin, jwk)).verifier) };
    },
    async witness(node, name) {
      const { path, jwk } = await jwkFile(`${node}-witness`, createNoteSigningJwk);
      return { path, verifierKey: encodeVerifierKey((await importNoteSigner(name, jwk, 'cosignature')).verifier) };
    },
    async secret(name) {
      const path = join(folder, name);
      await readOrCreate(path, () => Promise.resolve(encodeBase64Url(randomBytes(32))));
      return path;
    },
  };
}

async function readOrCreate(path: string, create: () => Promise<string>): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const text = await create();
  // Whole or not at all: half a key file would never be made anew.
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return text;
}
