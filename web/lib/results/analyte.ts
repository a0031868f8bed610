import { ANALYTE_NAMES } from './analyte-names.ts';
import type { CodeableConcept } from './fhir.ts';
import { analyteKey, analyteOf, findJlac10, type Jlac10 } from './jlac10.ts';
import { normaliseText } from './normal-text.ts';

/** What was measured. */
export interface Analyte {
  /** Values with the same key stand in one group, whichever hospital they come from. */
  readonly key: string;
  /** As the laboratory wrote it. */
  readonly name: string;
  /** In English, where it is known; else a short Latin name of one of the codings. */
  readonly englishName: string | undefined;
  readonly jlac10: Jlac10 | undefined;
  /** Five-digit analyte of the JLAC10 code. */
  readonly code: string | undefined;
  readonly localCode: string | undefined;
}

/**
 * Names an observation's code. With JLAC10 the code decides; without, the local code and the name together, as two
 * hospitals may use one number for different things.
 */
export function readAnalyte(concept: CodeableConcept): Analyte {
  const codings = concept.coding ?? [];
  const [first] = codings;
  const name = concept.text ?? first?.display ?? first?.code ?? '';
  const jlac10 = findJlac10(codings);
  const code = jlac10 && analyteOf(jlac10)[0];
  const latin = codings.find(({ display }) => display !== undefined && /^[\x20-\x7e]+$/.test(display))?.display;
  return {
    key: jlac10 ? analyteKey(jlac10) : `local:${first?.code ?? ''}|${normaliseText(name).toLowerCase()}`,
    name,
    englishName: (code && ANALYTE_NAMES[code]) ?? latin,
    jlac10,
    code,
    localCode: first?.code,
  };
}
