import { type Bytes, DerReader, TAG, contextTag, encodeDer, malformed, readWhole } from './der.ts';
import { encodeOid, readOid, readText } from './der-values.ts';

/** id-hcpki-at-healthcareactor (ISO 17090-2): the attribute that carries the role. */
export const HEALTHCARE_ACTOR_OID = '1.0.17090.0.1';
/** id-jhpki-cdata: the national list of roles that the text is taken from. */
export const JHPKI_CODED_DATA_OID = '1.2.392.100495.1.6.1.1';

/** Role texts that certificates were seen to carry; the list of the certificate policy is longer. */
export const HPKI_ROLES = {
  medicalDoctor: 'Medical Doctor',
  pharmacist: 'Pharmacist',
  directorOfHospital: 'Director of Hospital',
  directorOfClinic: 'Director of Clinic',
} as const;

/** An HCActor: `{ codedData [0] CodedData, regionalHCActorData [1] SEQUENCE OF RegionalData OPTIONAL }`. */
export interface HpkiRole {
  readonly codingScheme: string;
  /** codeDataFreeText, e.g. `Medical Doctor`. */
  readonly text: string;
  /** codeDataValue; the guideline says not to use it. */
  readonly value?: string;
  /** Content of the regional data, which the guideline leaves unused; kept so that nothing is lost on the way. */
  readonly regionalData?: Bytes;
}

/**
 * The role inside a subjectDirectoryAttributes extension, or `undefined` when it has other attributes only. Strict: a
 * certificate has exactly one role (JAHIS 24-002 §5.1.2), and an element that does not belong refuses the whole.
 *
 * @param extension content octets of extnValue
 * @throws CertificateError `certificate_malformed`
 */
export function parseHpkiRole(extension: Uint8Array): HpkiRole | undefined {
  const attributes = new DerReader(readWhole(extension, TAG.sequence).value);
  const roles: HpkiRole[] = [];
  do {
    const attribute = attributes.enter(TAG.sequence);
    const oid = readOid(attribute.next(TAG.oid));
    const values = attribute.enter(TAG.set);
    attribute.end();
    if (oid !== HEALTHCARE_ACTOR_OID) continue;
    const actors = values.enter(TAG.set);
    values.end();
    roles.push(readActor(actors.enter(TAG.sequence)));
    actors.end();
  } while (!attributes.done);
  if (roles.length > 1) throw malformed('more than one role');
  return roles[0];
}

/** One HCActor on its own. */
export function parseHealthcareActor(bytes: Uint8Array): HpkiRole {
  return readActor(new DerReader(readWhole(bytes, TAG.sequence).value));
}

function readActor(actor: DerReader): HpkiRole {
  const coded = actor.enter(contextTag(0));
  const role = readCodedData(coded.enter(TAG.set));
  coded.end();
  const regional = actor.optional(contextTag(1));
  actor.end();
  if (!regional) return role;
  const regionalData = readWhole(regional.value, TAG.sequence).value;
  return { ...role, regionalData };
}

/** CodedData is a SET: issuers do not agree on its order, though DER would fix it (X.690 §10.3). */
function readCodedData(set: DerReader): HpkiRole {
  const parts = new Map<number, DerReader>();
  while (!set.done) {
    const { tag, value } = set.next();
    if (tag < contextTag(0) || tag > contextTag(2) || parts.has(tag)) throw malformed('coded data with a foreign part');
    parts.set(tag, new DerReader(value));
  }
  const scheme = parts.get(contextTag(0));
  const value = parts.get(contextTag(1));
  const text = parts.get(contextTag(2));
  if (!scheme || !text) throw malformed('coded data without scheme or text');
  const codingScheme = readOid(scheme.next(TAG.oid));
  scheme.end();
  const number = value && readText(value.next(TAG.numericString));
  value?.end();
  const role = { codingScheme, text: readRoleText(text), ...(number !== undefined && { value: number }) };
  text.end();
  return role;
}

/** DirectoryString has five forms; UTF8String is the one in use, PrintableString its harmless subset. */
function readRoleText(part: DerReader): string {
  if (part.peekTag() !== TAG.utf8String && part.peekTag() !== TAG.printableString)
    throw malformed('a role in an old text type');
  const text = readText(part.next());
  if (text === '') throw malformed('an empty role');
  return text;
}

/** The HCActor of a role, its SET in DER order. */
export function encodeHealthcareActor(role: HpkiRole): Bytes {
  const text = new TextEncoder();
  const coded = encodeDer(
    TAG.set,
    encodeDer(contextTag(0), encodeOid(role.codingScheme)),
    role.value === undefined
      ? new Uint8Array()
      : encodeDer(contextTag(1), encodeDer(TAG.numericString, text.encode(role.value))),
    encodeDer(contextTag(2), encodeDer(TAG.utf8String, text.encode(role.text))),
  );
  const regional = role.regionalData && encodeDer(contextTag(1), encodeDer(TAG.sequence, role.regionalData));
  return encodeDer(TAG.sequence, encodeDer(contextTag(0), coded), regional ?? new Uint8Array());
}

/** The content octets of a subjectDirectoryAttributes extension that says nothing but this role. */
export function encodeHpkiRole(role: HpkiRole): Bytes {
  const values = encodeDer(TAG.set, encodeDer(TAG.set, encodeHealthcareActor(role)));
  return encodeDer(TAG.sequence, encodeDer(TAG.sequence, encodeOid(HEALTHCARE_ACTOR_OID), values));
}
