import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The private key in a PEM file.
 *
 * @throws {RangeError} when there is none, or one that is neither Ed25519 nor on the curve P-256
 */
export function readSigningKey(path: string): KeyObject {
  const key = readPrivateKey(path);
  const isUsable =
    key.asymmetricKeyType === 'ed25519' ||
    (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1');
  if (!isUsable) throw new RangeError(`${path} is neither an Ed25519 nor a P-256 key`);
  return key;
}

function readPrivateKey(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path));
  } catch (cause) {
    throw new RangeError(`${path} holds no private key in PEM that can be read without a passphrase`, { cause });
  }
}

/** The same, making one the first time: for development only, because the key is the app's name. */
export function readOrCreateDevelopmentKey(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  return readSigningKey(path);
}
