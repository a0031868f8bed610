import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import type { ExchangeConfig } from '../../config/exchange-config.ts';
import type { GatewayConfig } from '../../config/gateway-config.ts';
import { type DirectoryInstitution } from '../../contract/directory.ts';
import { EcPublicJwk } from '../../contract/ec-public-jwk.ts';
import { fingerprintOf } from '../../contract/fingerprint.ts';
import { createDecryptionJwk, createSigningJwk, publicPart, type JWK } from '../../contract/jose.ts';
import { signSuccession } from '../../contract/key-succession.ts';
import { readSigningKey } from '../../server/key-files.ts';
import { requireExchange, type CommandContext } from './context.ts';
import { conclude, EXIT, type Exit } from './outcome.ts';

/** `key show`: fingerprints, and a gateway's card for its exchange (`institution add`). */
export async function showKeys(context: CommandContext): Promise<Exit> {
  const { config } = context.file;
  if (config.role === 'gateway') {
    const card = await describeInstitution(context, config);
    context.write(JSON.stringify(card, null, 2));
    return EXIT.done;
  }
  const { keys } = requireExchange(context);
  const own = await readSigningKey(context.file.at(keys.signing));
  const next = keys.nextSigning && (await readSigningKey(context.file.at(keys.nextSigning.key)));
  const fingerprints = {
    signing: await fingerprintOf(own.publicJwk),
    next: next ? await fingerprintOf(next.publicJwk) : null,
    former: await Promise.all(keys.formerSigning.map(({ key }) => fingerprintOf(key))),
  };
  const lines = [
    `signing  ${fingerprints.signing}`,
    ...(fingerprints.next === null ? [] : [`next     ${fingerprints.next}`]),
    ...fingerprints.former.map((text) => `former   ${text}`),
  ];
  context.tell(lines, fingerprints);
  return EXIT.done;
}

/**
 * `key rotate signing`: the first time announces a new key, the second time goes over to it. Everybody who pinned an older
 * one follows by the succession that the older signed; between the two they have time to learn of it.
 *
 * `key rotate encryption` (gateways): at once, for the older key goes on opening what was encrypted to it.
 */
export async function rotateKey(context: CommandContext, which: string): Promise<Exit> {
  const { config } = context.file;
  if (config.role === 'gateway' && which === 'encryption') return rotateEncryption(context, config);
  if (config.role === 'gateway' && which === 'signing') return rotateGatewaySigning(context, config);
  if (config.role === 'exchange' && which === 'signing') {
    return config.keys.nextSigning ? switchSigning(context, config) : announceSigning(context, config);
  }
  throw new ConfigError('config_invalid', `no key ${which} of this server rotates`);
}

/** `key retire`: former keys are no longer believed for anything new; what they signed still verifies. */
export async function retireKeys(context: CommandContext): Promise<Exit> {
  const { keys } = requireExchange(context);
  const formerSigning = keys.formerSigning.map((former) => ({ ...former, overlaps: false }));
  const changed = await context.file.change({ keys: { ...keys, formerSigning } });
  return conclude(context, changed, [context.t.removed('overlap')], {});
}

async function announceSigning(context: CommandContext, { id, keys }: ExchangeConfig): Promise<Exit> {
  const { file, now } = context;
  const present = await readSigningKey(file.at(keys.signing));
  const { path, publicKey } = await makeKey(context, keys.signing, createSigningJwk);
  const succession = await signSuccession({ exchange: id, successor: publicKey, now: now() }, present);
  const changed = await file.change({ keys: { ...keys, nextSigning: { key: path, succession } } });
  const line = context.t.rotation.announced(await fingerprintOf(publicKey));
  return conclude(context, changed, [line], { step: 'announced', key: publicKey });
}

async function switchSigning(context: CommandContext, { keys }: ExchangeConfig): Promise<Exit> {
  const { file } = context;
  const { nextSigning, formerSigning, ...others } = keys;
  if (!nextSigning) throw new ConfigError('config_invalid', 'no key was announced');
  const present = await readSigningKey(file.at(keys.signing));
  const former = { key: EcPublicJwk.parse(present.publicJwk), succession: nextSigning.succession, overlaps: true };
  const changed = await file.change({
    keys: { ...others, signing: nextSigning.key, formerSigning: [former, ...formerSigning] },
  });
  const next = await readSigningKey(file.at(nextSigning.key));
  const line = context.t.rotation.switched(await fingerprintOf(next.publicJwk));
  return conclude(context, changed, [line], { step: 'switched', key: next.publicJwk });
}

async function rotateEncryption(context: CommandContext, config: GatewayConfig): Promise<Exit> {
  const { keys } = config;
  const { path } = await makeKey(context, keys.encryption, createDecryptionJwk);
  const formerEncryption = [keys.encryption, ...keys.formerEncryption];
  const changed = await context.file.change({ keys: { ...keys, encryption: path, formerEncryption } });
  return concludeGateway({ ...context, file: changed });
}

async function rotateGatewaySigning(context: CommandContext, config: GatewayConfig): Promise<Exit> {
  const { nextSigning, ...keys } = config.keys;
  const members = nextSigning
    ? { ...keys, signing: nextSigning }
    : { ...keys, nextSigning: (await makeKey(context, keys.signing, createSigningJwk)).path };
  return concludeGateway({ ...context, file: await context.file.change({ keys: members }) });
}

/** The exchange must learn of it: the card goes to its operator. */
async function concludeGateway(context: CommandContext): Promise<Exit> {
  const { config } = context.file;
  if (config.role !== 'gateway') return EXIT.failed;
  const card = await describeInstitution(context, config);
  return conclude(context, context.file, [JSON.stringify(card, null, 2), 'institution add CARD.json →'], { card });
}

async function describeInstitution({ file }: CommandContext, config: GatewayConfig): Promise<DirectoryInstitution> {
  const { keys, institution } = config;
  const read = async (path: string) => EcPublicJwk.parse(publicPart(await readJwk(file.at(path))));
  const all = (paths: readonly string[]) => Promise.all(paths.map(read));
  return {
    ...institution,
    signingKeys: await all([keys.signing, ...(keys.nextSigning === undefined ? [] : [keys.nextSigning])]),
    encryptionKeys: await all([keys.encryption, ...keys.formerEncryption]),
  };
}

/** A new private key beside the one that it follows, readable by its owner alone. */
async function makeKey({ file, now }: CommandContext, beside: string, create: () => Promise<JWK>) {
  const day = now()
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[^0-9]/g, '');
  const base = file.at(beside).replace(/(-\d{14})?(\.json)?$/, '');
  const path = resolve(`${base}-${day}.json`);
  const jwk = await create();
  await writeFile(`${path}.new`, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' });
  await rename(`${path}.new`, path);
  return { path: relative(dirname(file.path), path), publicKey: EcPublicJwk.parse(publicPart(jwk)) };
}

async function readJwk(path: string): Promise<JWK> {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof json === 'object' && json !== null) return json;
  } catch (cause) {
    throw new ConfigError('key_unreadable', `${path} cannot be read as what it should be`, { cause });
  }
  throw new ConfigError('key_unreadable', `${path} cannot be read as what it should be`);
}
