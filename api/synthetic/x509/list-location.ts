import { EXTENSION_OID } from '../../contract/certificate-extensions.ts';
import { type Bytes, TAG, contextTag, encodeDer, readWhole } from '../../contract/der.ts';
import { type NameTemplate, createName, directoryNames } from './name-template.ts';
import { CRLDistributionPointsExtension, Extension, GeneralNames } from './peculiar.ts';

/** Where the list of revoked certificates is: a name in a directory, or an address. */
export type ListLocation = { readonly directory: NameTemplate } | { readonly url: string };

/** In a certificate (RFC 5280 §4.2.1.13). Directories are put together here: the library generates addresses only. */
export function distributionPoint(location: ListLocation): Extension {
  if ('url' in location) return new CRLDistributionPointsExtension([location.url]);
  const point = encodeDer(TAG.sequence, distributionPointName(location));
  return new Extension(EXTENSION_OID.crlDistributionPoints, false, encodeDer(TAG.sequence, point));
}

/**
 * Critical, in a list (RFC 5280 §5.2.5): it is about the certificates that point to this location, and about no others.
 * The library has no generator for it.
 */
export function issuingDistributionPoint(location: ListLocation): Extension {
  const scope = encodeDer(TAG.sequence, distributionPointName(location));
  return new Extension(EXTENSION_OID.issuingDistributionPoint, true, scope);
}

/** The fullName form: the library's GeneralNames under two context tags. */
function distributionPointName(location: ListLocation): Bytes {
  const names =
    'url' in location
      ? new GeneralNames([{ type: 'url', value: location.url }])
      : directoryNames(createName(location.directory));
  const { value } = readWhole(new Uint8Array(names.rawData), TAG.sequence);
  return encodeDer(contextTag(0), encodeDer(contextTag(0), value));
}
