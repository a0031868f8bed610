import * as z from 'zod';
import { NAME_OID } from '../contract/distinguished-name.ts';
import { InstitutionId, LocalName, NetworkId, Timestamp } from '../contract/ids.ts';
import { INSURER_KINDS } from './people/insurers.ts';
import type { SyntheticWorld } from './world.ts';
import { RsaPrivateKey, RsaPublicKey } from './x509/key-pair.ts';
import { REVOCATION_REASONS } from './x509/revoked-entry.ts';

const Base64 = z.base64();
const NamePart = z.object({ kanji: z.string(), kana: z.string(), romaji: z.string() });
const Name = z.object({ family: NamePart, given: NamePart });
const Sex = z.enum(['male', 'female']);

const Person = z.object({
  id: z.string(),
  payerId: z.string(),
  name: Name,
  sex: Sex,
  birthDate: z.iso.date(),
  address: z.object({
    postalCode: z.string(),
    prefecture: z.string(),
    city: z.string(),
    line: z.string(),
    municipality: z.string(),
  }),
  insurance: z.object({
    insurerNumber: z.string().length(8),
    insurerName: z.string(),
    symbol: z.string(),
    number: z.string(),
    branch: z.string(),
    relation: z.enum(['insured', 'family']),
    validFrom: z.iso.date(),
    validUntil: z.iso.date(),
    burdenPercent: z.union([z.literal(10), z.literal(20), z.literal(30)]),
  }),
  cardId: z.string(),
  trait: z.enum(['ordinary', 'insurance_expired', 'certificate_revoked', 'card_not_enrolled']),
});

const Staff = z.object({
  id: z.string(),
  name: Name,
  sex: Sex,
  institution: InstitutionId,
  role: z.string(),
  registration: z.string(),
  cardId: z.string(),
});

const Insurer = z.object({
  kind: z.enum(Object.keys(INSURER_KINDS) as (keyof typeof INSURER_KINDS)[]),
  number: z.string().length(8),
  name: z.string(),
});

const Institution = z.object({
  id: InstitutionId,
  network: NetworkId,
  code: z.string().length(10),
  name: LocalName,
  kind: z.enum(['hospital', 'clinic']),
});

const MyNumberCard = z.object({
  profile: z.literal('mynumber'),
  id: z.string(),
  label: z.string(),
  authKey: RsaPrivateKey,
  authCertificate: Base64,
  authCaCertificate: Base64,
  authPin: z.string(),
  signKey: RsaPrivateKey,
  signCertificate: Base64,
  signCaCertificate: Base64,
  signPassword: z.string(),
  textKey: RsaPrivateKey,
  textCvc: Base64,
  textKeyRecord: Base64,
  textIntegrityRecord: Base64,
  textPin: z.string(),
  attributes: z.object({
    name: z.string(),
    address: z.string(),
    birthDate: z.iso.date(),
    sex: z.enum(['1', '2', '3', '9']),
  }),
  myNumber: z.string().length(12),
  cardNumberB: z.string().length(14),
  surface: z.object({ key: RsaPrivateKey, cvc: Base64, ageRecord: Base64 }),
});

const HpkiCard = z.object({
  profile: z.literal('hpki'),
  layout: z.enum(['guideline', 'jma']),
  id: z.string(),
  label: z.string(),
  signKey: RsaPrivateKey,
  signCertificate: Base64,
  caCertificates: z.array(Base64),
  rootCertificate: Base64,
  pin: z.string(),
  authKey: RsaPrivateKey,
  authCertificate: Base64,
});

const NameTemplate = z.array(
  z.tuple([z.enum(Object.keys(NAME_OID) as (keyof typeof NAME_OID)[]), z.string()]).readonly(),
);

const Authority = z.object({
  id: z.string(),
  subject: NameTemplate,
  certificate: Base64,
  privateKey: RsaPrivateKey,
  listLocation: z.union([z.strictObject({ url: z.url() }), z.strictObject({ directory: NameTemplate })]),
  revoked: z.array(
    z.object({
      serialNumber: z.string().regex(/^([0-9a-f]{2})+$/),
      at: Timestamp,
      // Worlds made before lists had reasons do not say.
      reason: z.enum(REVOCATION_REASONS).default('cessationOfOperation'),
    }),
  ),
});

const CardIssuer = z.object({
  ca: z.object({ identifier: z.object({ number: z.string(), group: z.string() }), publicKey: RsaPublicKey }),
  caPrivateKey: RsaPrivateKey,
  issuerPrivateKey: RsaPrivateKey,
  cvc: Base64,
});

const Generations = z.tuple([Authority, Authority, Authority]);

const World: z.ZodType<SyntheticWorld> = z.object({
  version: z.literal(1),
  seed: z.string(),
  createdAt: Timestamp,
  people: z.array(Person),
  staff: z.array(Staff),
  insurers: z.array(Insurer),
  institutions: z.object({ a: Institution, b: Institution }),
  cards: z.object({ mynumber: z.array(MyNumberCard), hpki: z.array(HpkiCard) }),
  jpki: z.object({ auth: Generations, sign: Generations }),
  hpki: z.object({ root: Authority, sign: Authority, auth: Authority }),
  cardIssuers: z.object({ text: CardIssuer, surface: CardIssuer }),
});

/** A world as text, to be kept in a file. The file holds test keys; it needs no protection and deserves no trust. */
export function serialiseWorld(world: SyntheticWorld): string {
  return `${JSON.stringify(world, null, 1)}\n`;
}

/**
 * A world from its text.
 *
 * @throws {RangeError} when the text is not a world of this version
 */
export function parseWorld(text: string): SyntheticWorld {
  try {
    return World.parse(JSON.parse(text));
  } catch (cause) {
    throw new RangeError('not a synthetic world of this version', { cause });
  }
}
