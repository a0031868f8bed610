import { type Bytes, TAG, encodeDer } from '../../contract/der.ts';
import { encodeOid } from '../../contract/der-values.ts';
import { NAME_OID } from '../../contract/distinguished-name.ts';
import { sequence, text } from './der-writer.ts';

/** Attributes of a name in order; a type may occur more than once, as OU does in JPKI names. */
export type NameTemplate = readonly (readonly [type: keyof typeof NAME_OID, text: string])[];

/** A Name with one attribute in each relative name. */
export function encodeName(template: NameTemplate): Bytes {
  return sequence(
    ...template.map(([type, value]) => encodeDer(TAG.set, sequence(encodeOid(NAME_OID[type]), text(value)))),
  );
}
