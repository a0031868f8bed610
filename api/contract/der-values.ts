import { type Bytes, type DerElement, DerReader, TAG, encodeDer, malformed } from './der.ts';

/** An INTEGER that fits a JavaScript number and is not negative (X.690 §8.3). */
export function readSmallInteger(element: DerElement): number {
  const bytes = readIntegerBytes(element);
  if ((bytes[0] ?? 0) & 0x80 || bytes.length > 5) throw malformed('an integer out of range');
  return bytes.reduce((sum, byte) => sum * 0x100 + byte, 0);
}

/** The content octets of an INTEGER, which must be minimal (X.690 §8.3.2). */
export function readIntegerBytes(element: DerElement): Bytes {
  const [first, second] = element.value;
  if (element.tag !== TAG.integer && element.tag !== TAG.enumerated) throw malformed('not an integer');
  if (first === undefined) throw malformed('an integer without octets');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed('an integer that is not minimal');
  }
  return element.value;
}

/** A BOOLEAN: FF or 00, nothing else (X.690 §11.1). */
export function readBoolean(element: DerElement): boolean {
  const [byte, more] = element.value;
  if (element.tag !== TAG.boolean || more !== undefined || (byte !== 0 && byte !== 0xff)) {
    throw malformed('not a DER boolean');
  }
  return byte === 0xff;
}

/** A BIT STRING of whole octets: keys and signatures. */
export function readOctetAlignedBits(element: DerElement): Bytes {
  if (element.tag !== TAG.bitString || element.value[0] !== 0) throw malformed('not a bit string of whole octets');
  return element.value.subarray(1);
}

/** The numbers of the bits that are set in a named-bit list (X.690 §11.2: no trailing zero bits). */
export function readNamedBits(element: DerElement): ReadonlySet<number> {
  const [unused, ...octets] = element.value;
  const last = octets.at(-1);
  if (element.tag !== TAG.bitString || unused === undefined || unused > 7) throw malformed('not a bit string');
  if (last === undefined ? unused !== 0 : (last & (1 << unused)) === 0 || (last & ((1 << unused) - 1)) !== 0) {
    throw malformed('a named-bit list with trailing zero bits');
  }
  const bits = octets.flatMap((octet, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((b) => octet & (0x80 >> b)).map((b) => i * 8 + b),
  );
  return new Set(bits);
}

/** Dotted decimal of an OBJECT IDENTIFIER (X.690 §8.19). */
export function readOid(element: DerElement): string {
  if (element.tag !== TAG.oid || element.value.length === 0) throw malformed('not an object identifier');
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const octet of element.value) {
    if (!open && octet === 0x80) throw malformed('an object identifier that is not minimal');
    arc = arc * 0x80 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw malformed('an object identifier arc out of range');
    open = octet >= 0x80;
    if (!open) {
      arcs.push(arc);
      arc = 0;
    }
  }
  if (open) throw malformed('an object identifier that ends inside an arc');
  const [head = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(head / 40));
  return [root, head - root * 40, ...rest].join('.');
}

/** The element of a dotted OBJECT IDENTIFIER. */
export function encodeOid(oid: string): Bytes {
  if (!/^[012](\.(0|[1-9]\d*))+$/.test(oid)) throw new RangeError('not a dotted object identifier');
  const [root = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const octets = [root * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 0x80];
    for (let more = Math.floor(arc / 0x80); more > 0; more = Math.floor(more / 0x80))
      groups.unshift(0x80 | (more % 0x80));
    return groups;
  });
  return encodeDer(TAG.oid, Uint8Array.from(octets));
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const wide = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true });
const ALPHABETS = new Map<number, RegExp>([
  [TAG.numericString, /^[0-9 ]*$/],
  [TAG.printableString, /^[A-Za-z0-9 '()+,\-./:=?]*$/],
  // X.680 §41 has no "&", "@" or "_", but names of real authorities do: ASCII is enough for reading.
  // eslint-disable-next-line no-control-regex
  [TAG.ia5String, /^[\x00-\x7f]*$/],
]);

/** Text of a DirectoryString, IA5String or NumericString. */
export function readText(element: DerElement): string {
  try {
    if (element.tag === TAG.bmpString) return wide.decode(element.value);
    const text = strict.decode(element.value);
    if (element.tag === TAG.utf8String || ALPHABETS.get(element.tag)?.test(text)) return text;
  } catch (cause) {
    throw malformed('text that is not in its own encoding', { cause });
  }
  throw malformed('a text type or character that does not belong here');
}

/** UTCTime or GeneralizedTime in the only form certificates may use: seconds and Z (RFC 5280 §4.1.2.5). */
export function readTime(element: DerElement): Date {
  const text = String.fromCharCode(...element.value);
  const match = element.tag === TAG.utcTime ? /^(\d\d)(\d{10})Z$/.exec(text) : /^(\d{4})(\d{10})Z$/.exec(text);
  if ((element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime) || !match) throw malformed('not a time');
  const [, years = '', rest = ''] = match;
  // RFC 5280 §4.1.2.5.1: two digits from 50 on belong to the twentieth century.
  const year = years.length === 4 ? years : Number(years) >= 50 ? `19${years}` : `20${years}`;
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? [];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw malformed('a time that does not exist');
  return date;
}

/** Every element inside, in order. */
export function readAll(content: Bytes): readonly DerElement[] {
  const reader = new DerReader(content);
  const elements: DerElement[] = [];
  while (!reader.done) elements.push(reader.next());
  return elements;
}
