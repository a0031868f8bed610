import { isShallow, parseFaithfulJson } from '../contract/faithful-json.ts';
import { RecordRegistration } from '../contract/records-api.ts';
import { Problem } from '../contract/problem.ts';
import type * as z from 'zod';

export type ParsedRegistration = z.output<typeof RecordRegistration> & {
  /** The bundle as JSON text, every digit as it came. */
  readonly bundleText: string;
};

/**
 * Reads the body of a registration twice: once for what it says, once for the bundle's own digits.
 *
 * @throws {Problem} `malformed_request`, `fhir_malformed`
 */
export function readRegistration(body: Uint8Array): ParsedRegistration {
  const text = decode(body);
  const parsed = RecordRegistration.safeParse(parse(text));
  if (!parsed.success) {
    throw new Problem('malformed_request', parsed.error.issues[0]?.path.join('.') || 'the registration');
  }
  if (!isShallow(parsed.data.bundle)) throw new Problem('fhir_malformed', 'Bundle: nested too deeply');
  const faithful = RecordRegistration.parse(parseFaithfulJson(text));
  return { ...parsed.data, bundleText: JSON.stringify(faithful.bundle) };
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new Problem('malformed_request', 'the body is not UTF-8', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('malformed_request', 'the body is not JSON', { cause });
  }
}
