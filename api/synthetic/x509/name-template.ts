import { TAG, contextTag, encodeDer } from '../../contract/der.ts';
import { NAME_OID } from '../../contract/distinguished-name.ts';
import { GeneralNames, Name } from './peculiar.ts';

/** Attributes of a name in order; a type may occur more than once, as OU does in JPKI names. */
export type NameTemplate = readonly (readonly [type: keyof typeof NAME_OID, text: string])[];

/** A Name with one attribute in each relative name, in the text types of the real authorities' names. */
export function createName(template: NameTemplate): Name {
  return new Name(template.map(([type, text]) => ({ [NAME_OID[type]]: [valueOf(type, text)] })));
}

/** RFC 5280 appendix A.1 allows these two PrintableString only. */
function valueOf(type: keyof typeof NAME_OID, text: string) {
  return type === 'country' || type === 'serialNumber' ? { printableString: text } : { utf8String: text };
}

/** One directoryName. By its bytes: the library's own way goes through text, where the text types are lost. */
export function directoryNames(name: Name): GeneralNames {
  const directoryName = encodeDer(contextTag(4), new Uint8Array(name.toArrayBuffer()));
  return new GeneralNames(encodeDer(TAG.sequence, directoryName));
}
