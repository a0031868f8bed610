import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import type * as z from 'zod';
import { encodeUtf8 } from '../contract/encoding.ts';
import { QualificationError } from './qualification.ts';

/** Elements that repeat, and are lists even when there is one. */
const REPEATED = new Set(['ResultOfQualificationConfirmation', 'SpecificDiseasesCertificateInfo', 'MedicalTicketInfo']);

const parser = new XMLParser({
  ignoreDeclaration: true,
  // 010 is ten percent and 05 a branch: nothing is a number here.
  parseTagValue: false,
  isArray: (name) => REPEATED.has(name),
});
const builder = new XMLBuilder({ format: true, indentBy: ' ' });

/**
 * Parses one `XmlMsg`, in UTF-8 or Shift_JIS as its declaration says. Document types are refused: nothing here needs
 * entities of its own.
 *
 * @throws {QualificationError} `payer_answer_malformed`
 */
export function parseXmlMessage<T>(bytes: Uint8Array, schema: z.ZodType<T>): T {
  const text = decode(bytes);
  if (/<!DOCTYPE/i.test(text)) throw malformed('a document type');
  if (XMLValidator.validate(text) !== true) throw malformed('not well-formed XML');
  const document: unknown = parser.parse(text);
  const message =
    typeof document === 'object' && document !== null && 'XmlMsg' in document ? document.XmlMsg : undefined;
  const result = schema.safeParse(message);
  // The path names elements, never what stands in them.
  if (!result.success) throw malformed(result.error.issues[0]?.path.join('/') ?? '', { cause: result.error.name });
  return result.data;
}

/** One `XmlMsg` in UTF-8. Empty texts become empty elements; what is `undefined` is left out. */
export function encodeXmlMessage(message: object): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n${builder.build({ XmlMsg: message })}`);
}

function decode(bytes: Uint8Array): string {
  const head = new TextDecoder('ascii').decode(bytes.subarray(0, 120));
  const name = /^<\?xml[^>]*\sencoding=["']([A-Za-z0-9_-]+)["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!ENCODINGS.has(name)) throw malformed('an unknown encoding');
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed(`not ${name}`, { cause });
  }
}

const ENCODINGS = new Set(['utf-8', 'shift_jis', 'windows-31j']);

function malformed(detail: string, options?: ErrorOptions): QualificationError {
  return new QualificationError('payer_answer_malformed', detail, options);
}
