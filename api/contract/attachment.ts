import { parseBase64 } from './encoding.ts';
import { elementPath, type FhirBundle } from './fhir-bundle.ts';
import { Problem } from './problem.ts';

/** What may travel as an attachment: by what the bytes are, whatever the file says of itself. */
export const ATTACHMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number];

/** One attachment, decoded. */
export const ATTACHMENT_LIMIT_BYTES = 8 * 1024 * 1024;

/** First bytes: ISO 32000-1 §7.5.2, PNG §5.2, ISO/IEC 10918-1 Annex B (SOI and the next marker). */
const MAGIC: Readonly<Record<AttachmentType, readonly number[]>> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/jpeg': [0xff, 0xd8, 0xff],
};

/** What the bytes are, or `undefined` when they are nothing that may travel. */
export const sniffAttachment = (bytes: Uint8Array): AttachmentType | undefined =>
  ATTACHMENT_TYPES.find((type) => MAGIC[type].every((byte, i) => bytes[i] === byte));

/** An attachment of a bundle, with where it stands. */
export interface FoundAttachment {
  readonly element: string;
  readonly title: string | undefined;
  readonly type: AttachmentType;
  readonly bytes: Uint8Array;
}

/**
 * The attachments of a bundle's DocumentReferences, inside them or in a Binary beside them, each checked: of a type that
 * may travel, as its bytes say; that type and no other stated; small enough. One whose bytes are elsewhere is refused where
 * they are required, else left out.
 *
 * @throws {Problem} `attachment_type_refused`, `attachment_too_large`, `fhir_malformed`, naming the element
 */
export function readAttachments(
  bundle: FhirBundle,
  { isRequired = true }: { readonly isRequired?: boolean } = {},
): readonly FoundAttachment[] {
  return bundle.entry.flatMap(({ resource }, i) => {
    if (resource.resourceType !== 'DocumentReference') return [];
    const contents = Array.isArray(resource['content']) ? resource['content'] : [];
    return contents.flatMap((content: unknown, j: number) => {
      const path = ['entry', i, 'resource', 'content', j, 'attachment'];
      const stated = membersOf(membersOf(content)['attachment']);
      const found = readAttachment(bundle, stated, path);
      if (!found && isRequired) throw new Problem('fhir_malformed', `${elementPath(path)}: no data in the bundle`);
      return found ?? [];
    });
  });
}

function readAttachment(
  bundle: FhirBundle,
  stated: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
): FoundAttachment | undefined {
  const { contentType, data, url, title } = stated;
  const binary = typeof data === 'string' ? undefined : findBinary(bundle, url);
  const text = typeof data === 'string' ? data : binary?.['data'];
  if (typeof text !== 'string') return undefined;
  if (text.length > (ATTACHMENT_LIMIT_BYTES / 3) * 4 + 4) throw new Problem('attachment_too_large', elementPath(path));
  const bytes = decode(text, path);
  const type = sniffAttachment(bytes);
  const isStated =
    type !== undefined && [contentType, binary?.['contentType']].every((one) => one === undefined || one === type);
  if (!type || !isStated) throw new Problem('attachment_type_refused', elementPath([...path, 'contentType']));
  return { element: elementPath(path), title: typeof title === 'string' ? title : undefined, type, bytes };
}

const findBinary = (bundle: FhirBundle, url: unknown) =>
  bundle.entry.find(
    ({ fullUrl, resource }) =>
      resource.resourceType === 'Binary' &&
      typeof url === 'string' &&
      (fullUrl === url || `Binary/${resource.id}` === url),
  )?.resource;

function decode(text: string, path: readonly PropertyKey[]): Uint8Array {
  try {
    return parseBase64(text);
  } catch (cause) {
    throw new Problem('fhir_malformed', `${elementPath(path)}.data`, { cause });
  }
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
