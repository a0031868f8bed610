import { CardError } from '../errors.ts';
import type { ResponseApdu } from './apdu.ts';

/** SW1-SW2 values that programs compare with (ISO 7816-4 §5.6, table 6). */
export const STATUS_WORD = {
  OK: 0x9000,
  MEMORY_UNCHANGED: 0x6200,
  END_OF_FILE: 0x6282,
  FILE_INVALIDATED: 0x6283,
  AUTHENTICATION_FAILED: 0x6300,
  EXECUTION_ERROR: 0x6400,
  MEMORY_FAILURE: 0x6581,
  WRONG_LENGTH: 0x6700,
  LOGICAL_CHANNEL_UNSUPPORTED: 0x6881,
  SECURE_MESSAGING_UNSUPPORTED: 0x6882,
  CHAINING_UNSUPPORTED: 0x6884,
  COMMAND_NOT_ALLOWED: 0x6900,
  SECURITY_STATUS_NOT_SATISFIED: 0x6982,
  METHOD_BLOCKED: 0x6983,
  REFERENCE_DATA_NOT_USABLE: 0x6984,
  CONDITIONS_NOT_SATISFIED: 0x6985,
  NO_CURRENT_FILE: 0x6986,
  WRONG_DATA: 0x6a80,
  FUNCTION_UNSUPPORTED: 0x6a81,
  FILE_NOT_FOUND: 0x6a82,
  RECORD_NOT_FOUND: 0x6a83,
  NOT_ENOUGH_MEMORY: 0x6a84,
  WRONG_P1_P2: 0x6a86,
  REFERENCED_DATA_NOT_FOUND: 0x6a88,
  WRONG_OFFSET: 0x6b00,
  INS_UNSUPPORTED: 0x6d00,
  CLA_UNSUPPORTED: 0x6e00,
  NO_DIAGNOSIS: 0x6f00,
} as const;

const EXACT = new Map<number, string>([
  [STATUS_WORD.OK, 'normal processing'],
  [STATUS_WORD.MEMORY_UNCHANGED, 'warning, memory unchanged'],
  [STATUS_WORD.END_OF_FILE, 'end of file reached before Ne bytes'],
  [STATUS_WORD.FILE_INVALIDATED, 'selected file deactivated'],
  [STATUS_WORD.AUTHENTICATION_FAILED, 'verification failed, no counter given'],
  [STATUS_WORD.EXECUTION_ERROR, 'execution error, memory unchanged'],
  [STATUS_WORD.MEMORY_FAILURE, 'memory failure'],
  [STATUS_WORD.WRONG_LENGTH, 'wrong length'],
  [STATUS_WORD.LOGICAL_CHANNEL_UNSUPPORTED, 'logical channel not supported'],
  [STATUS_WORD.SECURE_MESSAGING_UNSUPPORTED, 'secure messaging not supported'],
  [STATUS_WORD.CHAINING_UNSUPPORTED, 'command chaining not supported'],
  [STATUS_WORD.COMMAND_NOT_ALLOWED, 'command not allowed'],
  [STATUS_WORD.SECURITY_STATUS_NOT_SATISFIED, 'security status not satisfied'],
  [STATUS_WORD.METHOD_BLOCKED, 'authentication method blocked'],
  [STATUS_WORD.REFERENCE_DATA_NOT_USABLE, 'reference data not usable'],
  [STATUS_WORD.CONDITIONS_NOT_SATISFIED, 'conditions of use not satisfied'],
  [STATUS_WORD.NO_CURRENT_FILE, 'no current EF'],
  [STATUS_WORD.WRONG_DATA, 'wrong command data'],
  [STATUS_WORD.FUNCTION_UNSUPPORTED, 'function not supported'],
  [STATUS_WORD.FILE_NOT_FOUND, 'file or application not found'],
  [STATUS_WORD.RECORD_NOT_FOUND, 'record not found'],
  [STATUS_WORD.NOT_ENOUGH_MEMORY, 'not enough memory in the file'],
  [STATUS_WORD.WRONG_P1_P2, 'wrong P1-P2'],
  [STATUS_WORD.REFERENCED_DATA_NOT_FOUND, 'referenced data not found'],
  [STATUS_WORD.WRONG_OFFSET, 'wrong offset'],
  [STATUS_WORD.INS_UNSUPPORTED, 'instruction not supported'],
  [STATUS_WORD.CLA_UNSUPPORTED, 'class not supported'],
  [STATUS_WORD.NO_DIAGNOSIS, 'no precise diagnosis'],
]);

const BY_SW1 = new Map<number, string>([
  [0x61, 'response bytes still available'],
  [0x62, 'warning, memory unchanged'],
  [0x63, 'warning, memory changed'],
  [0x64, 'execution error, memory unchanged'],
  [0x65, 'execution error, memory changed'],
  [0x66, 'security issue'],
  [0x67, 'wrong length'],
  [0x68, 'function in CLA not supported'],
  [0x69, 'command not allowed'],
  [0x6a, 'wrong parameters'],
  [0x6b, 'wrong parameters P1-P2'],
  [0x6c, 'wrong Le'],
  [0x6d, 'instruction not supported'],
  [0x6e, 'class not supported'],
  [0x6f, 'no precise diagnosis'],
]);

/** The meaning of a status word in the standard's words, for logs and developers' tools. */
export function describeStatusWord(sw: number): string {
  const attempts = attemptsLeft(sw);
  if (attempts !== undefined) return `verification failed, ${attempts} attempts left`;
  return EXACT.get(sw) ?? BY_SW1.get(sw >> 8) ?? 'not defined by ISO 7816-4';
}

/** The counter of `63Cx`, or `undefined` for every other status word. */
export function attemptsLeft(sw: number): number | undefined {
  return (sw & 0xfff0) === 0x63c0 ? sw & 0x0f : undefined;
}

const NOT_PERMITTED: ReadonlySet<number> = new Set([
  STATUS_WORD.COMMAND_NOT_ALLOWED,
  STATUS_WORD.SECURITY_STATUS_NOT_SATISFIED,
  STATUS_WORD.CONDITIONS_NOT_SATISFIED,
  STATUS_WORD.NO_CURRENT_FILE,
]);
const NOT_FOUND: ReadonlySet<number> = new Set([
  STATUS_WORD.FILE_NOT_FOUND,
  STATUS_WORD.RECORD_NOT_FOUND,
  STATUS_WORD.REFERENCED_DATA_NOT_FOUND,
]);
const WRONG_DATA: ReadonlySet<number> = new Set([
  STATUS_WORD.WRONG_LENGTH,
  STATUS_WORD.WRONG_DATA,
  STATUS_WORD.WRONG_P1_P2,
  STATUS_WORD.WRONG_OFFSET,
]);

/** The one place where a status word that is not success becomes an outcome. `what` names the step, never its data. */
export function statusError(sw: number, what: string): CardError {
  const attempts = attemptsLeft(sw);
  const detail = `${what}: ${sw.toString(16).padStart(4, '0')}, ${describeStatusWord(sw)}`;
  if (attempts === 0 || sw === STATUS_WORD.METHOD_BLOCKED)
    return new CardError('pin_blocked', detail, { statusWord: sw, attemptsLeft: 0 });
  if (attempts !== undefined) return new CardError('pin_wrong', detail, { statusWord: sw, attemptsLeft: attempts });
  if (NOT_PERMITTED.has(sw)) return new CardError('not_permitted', detail, { statusWord: sw });
  if (NOT_FOUND.has(sw)) return new CardError('not_found', detail, { statusWord: sw });
  if (WRONG_DATA.has(sw)) return new CardError('wrong_data', detail, { statusWord: sw });
  return new CardError('unexpected_status', detail, { statusWord: sw });
}

/**
 * The data of a response that ended with 9000.
 *
 * @throws {CardError} as {@link statusError} decides
 */
export function requireOk(response: ResponseApdu, what: string): Uint8Array {
  if (response.sw !== STATUS_WORD.OK) throw statusError(response.sw, what);
  return response.data;
}
