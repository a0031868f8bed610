import { CardError } from '../../errors.ts';
import { type Tlv, findTlv, parseTlv, parseTlvs } from '../../iso7816/tlv.ts';

/** Runs a parser of card records; what does not fit its format is the card's fault, not the caller's. */
export function parseRecord<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof RangeError) throw new CardError('wrong_data', what, { cause });
    throw cause;
  }
}

/** The objects inside the one object that the record is. @throws {RangeError} when it is another */
export function openTemplate(bytes: Uint8Array, tag: number): readonly Tlv[] {
  const outer = parseTlv(bytes);
  if (outer.tag !== tag) throw new RangeError(`not ${tag.toString(16)}`);
  return parseTlvs(outer.value);
}

/** @throws {RangeError} when there is no such object */
export function requireTlv(objects: readonly Tlv[], tag: number): Uint8Array {
  const value = findTlv(objects, tag);
  if (!value) throw new RangeError(`no object ${tag.toString(16)}`);
  return value;
}

/** `YYYY-MM-DD` from the eight digits that cards use. @throws {RangeError} */
export function parseCardDate(bytes: Uint8Array): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(String.fromCharCode(...bytes)) ?? [];
  if (!year || !month || !day) throw new RangeError('not a date of eight digits');
  return `${year}-${month}-${day}`;
}
