import * as z from 'zod';
import { AccessRule, ServiceName } from './access.ts';
import { EcPublicJwk } from './ec-public-jwk.ts';
import { LogWitnesses } from './evidence/log-witnesses.ts';
import { TimestampAnchors } from './evidence/trust.ts';
import { ExchangeId, InstitutionId, LocalName, NetworkId, Timestamp } from './ids.ts';
import { JoseError, signClaims, verifyClaims, type SigningKey } from './jose.ts';
import { SuccessionText } from './key-succession.ts';
import type { KeyFinder } from './keys-by-thumbprint.ts';
import { Problem } from './problem.ts';

export const DirectoryInstitution = z
  .object({
    id: InstitutionId,
    name: LocalName,
    signingKeys: z.array(EcPublicJwk).min(1).readonly(),
    encryptionKeys: z.array(EcPublicJwk).min(1).readonly(),
    /** What it does for others; everything when left out. */
    services: z.array(ServiceName).readonly().optional(),
  })
  .readonly();
export type DirectoryInstitution = z.infer<typeof DirectoryInstitution>;

/** A signed, versioned, expiring document of what stands behind one exchange (JWS `directory+jwt`). */
export const Directory = z
  .object({
    version: z.literal(1),
    iss: ExchangeId,
    name: LocalName,
    /** Grows with every issue; a smaller one is a downgrade and is refused. */
    serial: z.number().int().positive(),
    issuedAt: Timestamp,
    expires: Timestamp,
    /** Keys that sign records, bindings, receipts and this document. */
    signingKeys: z.array(EcPublicJwk).min(1).readonly(),
    /** Keys that signed before: what they signed still verifies, nothing new is believed for them. */
    formerKeys: z.array(EcPublicJwk).max(64).readonly().optional(),
    /** How its keys follow one another (`key-succession.ts`): whoever pinned an older one gets from there to these. */
    successions: z.array(SuccessionText).max(64).readonly().optional(),
    /** Verifier keys of the evidence log, signed-note text form. */
    logKeys: z.array(z.string().max(300)).readonly(),
    /** Who cosigns the log's checkpoints; nobody when left out. */
    witnesses: LogWitnesses.optional(),
    /** Whose clocks stamp the log: certificates that the authorities' paths end in. */
    timestampAnchors: TimestampAnchors.optional(),
    networks: z.array(z.object({ id: NetworkId, name: LocalName }).readonly()).readonly(),
    institutions: z.array(DirectoryInstitution).readonly(),
    /** Who may use what of these institutions; without it everybody whom a verified directory names, with it nobody else. */
    access: z.array(AccessRule).max(10_000).readonly().optional(),
    /** The exchanges this one has pinned, with the keys it pinned. */
    peers: z
      .array(
        z
          .object({ id: ExchangeId, name: LocalName, origin: z.url(), signingKeys: z.array(EcPublicJwk).readonly() })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type Directory = z.infer<typeof Directory>;

export const signDirectory = (directory: Directory, key: SigningKey): Promise<string> =>
  signClaims('directory+jwt', directory, key);

/**
 * Verifies a directory against the pinned key of its exchange.
 *
 * @throws {Problem} `directory_untrusted`, `directory_stale`, `directory_downgrade`
 */
export async function verifyDirectory(
  jws: string,
  expected: {
    readonly exchange: ExchangeId;
    readonly findKey: KeyFinder;
    readonly now: Date;
    readonly atLeastSerial?: number;
  },
): Promise<Directory> {
  let directory: Directory;
  try {
    directory = (await verifyClaims(jws, { typ: 'directory+jwt', claims: Directory, findKey: expected.findKey }))
      .claims;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('directory_untrusted', cause.code, { cause });
  }
  if (directory.iss !== expected.exchange) throw new Problem('directory_untrusted', 'the part of another exchange');
  const foreign = directory.institutions.find(
    ({ id }) => !directory.networks.some((network) => id.startsWith(`${network.id}/`)),
  );
  if (foreign) throw new Problem('directory_untrusted', 'an institution outside the networks of this exchange');
  if (Date.parse(directory.expires) <= expected.now.getTime()) throw new Problem('directory_stale', directory.expires);
  if (directory.serial < (expected.atLeastSerial ?? 0))
    throw new Problem('directory_downgrade', `serial ${directory.serial}`);
  return directory;
}
