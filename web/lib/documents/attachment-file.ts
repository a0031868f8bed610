import { ATTACHMENT_LIMIT_BYTES, sniffAttachment } from '#api/contract/attachment.ts';
import { encodeBase64 } from '#api/contract/encoding.ts';
import type { Person } from '#api/contract/person.ts';
import { BundleError } from '#lib/results/bundle-error.ts';

/** Names of files that travel as they are. What they are is decided by their bytes. */
export const isAttachmentName = (name: string): boolean => /\.(pdf|png|jpe?g)$/i.test(name);

/**
 * A file as a FHIR collection that can be registered: the person it is about and a DocumentReference that holds it.
 *
 * @throws {BundleError} `bundle_file_refused`, `bundle_too_large`
 */
export function wrapAttachment(
  file: { readonly name: string; readonly bytes: Uint8Array },
  person: Person,
  now: Date,
): string {
  const { name, bytes } = file;
  if (bytes.length > ATTACHMENT_LIMIT_BYTES) throw new BundleError('bundle_too_large');
  const contentType = sniffAttachment(bytes);
  if (!contentType) throw new BundleError('bundle_file_refused');
  const patient = `urn:uuid:${crypto.randomUUID()}`;
  const gender = person.sex === 'unknown' ? 'unknown' : person.sex;
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: now.toISOString(),
    entry: [
      {
        fullUrl: patient,
        resource: { resourceType: 'Patient', name: [{ text: person.name }], gender, birthDate: person.birthDate },
      },
      {
        fullUrl: `urn:uuid:${crypto.randomUUID()}`,
        resource: {
          resourceType: 'DocumentReference',
          status: 'current',
          subject: { reference: patient },
          date: now.toISOString(),
          content: [{ attachment: { contentType, title: name.slice(0, 200), data: encodeBase64(bytes) } }],
        },
      },
    ],
  });
}
