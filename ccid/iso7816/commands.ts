import type { CommandApdu } from './apdu.ts';

/** Instruction bytes (ISO 7816-4 §5.4.2, ISO 7816-8). */
export const INS = {
  VERIFY: 0x20,
  VERIFY_BER: 0x21,
  MANAGE_SECURITY_ENVIRONMENT: 0x22,
  CHANGE_REFERENCE_DATA: 0x24,
  CHANGE_REFERENCE_DATA_BER: 0x25,
  PERFORM_SECURITY_OPERATION: 0x2a,
  RESET_RETRY_COUNTER: 0x2c,
  RESET_RETRY_COUNTER_BER: 0x2d,
  GET_CHALLENGE: 0x84,
  INTERNAL_AUTHENTICATE: 0x88,
  SELECT: 0xa4,
  READ_BINARY: 0xb0,
  GET_RESPONSE: 0xc0,
  ENVELOPE: 0xc2,
  GET_DATA: 0xca,
} as const;

/** READ BINARY carries 15 bits of offset in P1-P2 (ISO 7816-4 §7.2.3). */
const OFFSET_MAX = 0x7fff;

/** SELECT by application identifier, first or only occurrence, no file control information back (§7.1.1). */
export function selectApplication(aid: Uint8Array): CommandApdu {
  if (aid.length < 5 || aid.length > 16) throw new RangeError('an AID is 5 to 16 bytes');
  return { cla: 0, ins: INS.SELECT, p1: 0x04, p2: 0x0c, data: aid };
}

/** SELECT by application identifier that asks for the FCI template (tag 6F). */
export function selectApplicationWithFci(aid: Uint8Array): CommandApdu {
  return { ...selectApplication(aid), p2: 0x00, ne: 256 };
}

/** SELECT an EF under the current DF by its two-byte identifier, no file control information back. */
export function selectEf(fileId: number): CommandApdu {
  if (!Number.isInteger(fileId) || fileId < 0 || fileId > 0xffff)
    throw new RangeError('a file identifier is two bytes');
  return { cla: 0, ins: INS.SELECT, p1: 0x02, p2: 0x0c, data: Uint8Array.of(fileId >> 8, fileId & 0xff) };
}

/** READ BINARY of the current EF; `ne` 1 to 65,536 bytes from `offset` 0 to 32,767. */
export function readBinary(offset: number, ne: number): CommandApdu {
  if (!Number.isInteger(offset) || offset < 0 || offset > OFFSET_MAX) throw new RangeError('offset is 0 to 32,767');
  return { cla: 0, ins: INS.READ_BINARY, p1: offset >> 8, p2: offset & 0xff, ne };
}

/** READ BINARY that also selects the EF by its short identifier 1 to 30; `offset` 0 to 255. */
export function readBinarySfi(sfi: number, offset: number, ne: number): CommandApdu {
  if (!Number.isInteger(sfi) || sfi < 1 || sfi > 30) throw new RangeError('a short EF identifier is 1 to 30');
  if (!Number.isInteger(offset) || offset < 0 || offset > 0xff) throw new RangeError('offset is 0 to 255');
  return { cla: 0, ins: INS.READ_BINARY, p1: 0x80 | sfi, p2: offset, ne };
}

/**
 * VERIFY with reference data `reference` (P2: 80 names the selected PIN file, §7.5.6). The bytes of `secret` are copied
 * into nothing here: the owner wipes both them and the encoded command.
 */
export function verify(reference: number, secret: Uint8Array): CommandApdu {
  return { cla: 0, ins: INS.VERIFY, p1: 0, p2: reference, data: secret };
}

/** VERIFY without data: asks for the retry counter and costs no attempt; the card answers `63Cx`, `9000` or `6983`. */
export function verifyStatus(reference: number): CommandApdu {
  return { cla: 0, ins: INS.VERIFY, p1: 0, p2: reference };
}

/** CHANGE REFERENCE DATA: old and new secret one behind the other (§7.5.7). */
export function changeReferenceData(reference: number, oldAndNew: Uint8Array): CommandApdu {
  return { cla: 0, ins: INS.CHANGE_REFERENCE_DATA, p1: 0, p2: reference, data: oldAndNew };
}

/** GET CHALLENGE: `ne` random bytes of the card (§7.5.3). */
export function getChallenge(ne: number): CommandApdu {
  return { cla: 0, ins: INS.GET_CHALLENGE, p1: 0, p2: 0, ne };
}

/** INTERNAL AUTHENTICATE: the card answers a challenge with its key `reference` (§7.5.2). */
export function internalAuthenticate(reference: number, challenge: Uint8Array, ne = 256): CommandApdu {
  return { cla: 0, ins: INS.INTERNAL_AUTHENTICATE, p1: 0, p2: reference, data: challenge, ne };
}

/** GET DATA of one data object by its tag in P1-P2 (§7.4.2). */
export function getData(tag: number, ne = 256): CommandApdu {
  if (!Number.isInteger(tag) || tag < 0 || tag > 0xffff) throw new RangeError('a tag in P1-P2 is two bytes');
  return { cla: 0, ins: INS.GET_DATA, p1: tag >> 8, p2: tag & 0xff, ne };
}

/** GET RESPONSE on the logical channel of `cla`, without its chaining and secure messaging bits (§5.4.1, §7.6.1). */
export function getResponse(cla: number, ne: number): CommandApdu {
  return { cla: channelClass(cla), ins: INS.GET_RESPONSE, p1: 0, p2: 0, ne };
}

/** The interindustry class byte of a command's logical channel; proprietary classes live on channel 0. */
export function channelClass(cla: number): number {
  if ((cla & 0xe0) === 0) return cla & 0x03;
  if ((cla & 0xc0) === 0x40) return 0x40 | (cla & 0x0f);
  return 0;
}

const SECRET_INSTRUCTIONS: ReadonlySet<number> = new Set([
  INS.VERIFY,
  INS.VERIFY_BER,
  INS.CHANGE_REFERENCE_DATA,
  INS.CHANGE_REFERENCE_DATA_BER,
  INS.RESET_RETRY_COUNTER,
  INS.RESET_RETRY_COUNTER_BER,
  // An ENVELOPE may hold any of them.
  INS.ENVELOPE,
]);

/** Whether a command's data may hold a PIN, so that no trace shows it. */
export function isSecretInstruction(ins: number): boolean {
  return SECRET_INSTRUCTIONS.has(ins);
}
