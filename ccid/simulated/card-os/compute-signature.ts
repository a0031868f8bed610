import type { CommandApdu } from '../../iso7816/apdu.ts';
import type { CardFile, KeyFile } from './card-file.ts';
import type { Instruction } from './definition.ts';
import { refuse } from './refusal.ts';
import { computeRsa } from './rsa.ts';
import type { CardSession } from './session.ts';
import { encodePss, padType1, sha256, wrapDigest } from './signature-blocks.ts';

const PADDING_SIZE_BYTES = 11;
const SHA256_SIZE_BYTES = 32;

/**
 * COMPUTE DIGITAL SIGNATURE of a My Number Card, `80 2A P1 P2`: P1 says what the data is and how it is padded, P2 names
 * the key (00 the application's own, 80 the current file, 80 | short identifier).
 */
export const computeSignature: Instruction = async (session, command) => {
  const makeBlock = BLOCKS[command.p1] ?? refuse('wrongP1P2');
  const file = findKey(session, command);
  session.require(file.use);
  if (!command.data || command.ne === undefined || command.ne < file.key.sizeBytes) return refuse('wrongLength');
  const block = await makeBlock(command.data, file.key.sizeBytes, session);
  return { data: computeRsa(file.key, block) ?? refuse('wrongData'), sw: 0x9000 };
};

type MakeBlock = (data: Uint8Array, sizeBytes: number, session: CardSession) => Promise<Uint8Array>;

const BLOCKS: Readonly<Record<number, MakeBlock>> = {
  // 00: ready-made DigestInfo.
  0x00: (data, size) => Promise.resolve(padType1(atMost(data, size - PADDING_SIZE_BYTES), size)),
  // 01: message, the bare hash is signed.
  0x01: async (data, size) => padType1(await sha256(data), size),
  // 02: hash.
  0x02: (data, size) => Promise.resolve(padType1(wrapDigest(exactHash(data)), size)),
  // 03: message.
  0x03: async (data, size) => padType1(wrapDigest(await sha256(data)), size),
  // 04 and 05: the same two with PSS.
  0x04: (data, size, session) => encodePss(exactHash(data), size, session.fillRandom),
  0x05: async (data, size, session) => encodePss(await sha256(data), size, session.fillRandom),
};

function findKey(session: CardSession, command: CommandApdu): KeyFile {
  const file = findKeyFile(session, command.p2);
  return file.kind === 'key' ? file : refuse('incompatibleFile');
}

function findKeyFile(session: CardSession, p2: number): CardFile {
  if (p2 === 0x00) return session.fileById(session.application.defaultKey ?? refuse('wrongP1P2'));
  if ((p2 & 0xe0) !== 0x80) return refuse('wrongP1P2');
  if (p2 === 0x80) return session.currentFile ?? refuse('noCurrentFile');
  return session.fileBySfi(p2 & 0x1f, 'referenceNotFound');
}

function atMost(data: Uint8Array, sizeBytes: number): Uint8Array {
  return data.length <= sizeBytes ? data : refuse('conditionsOfUse');
}

function exactHash(data: Uint8Array): Uint8Array {
  return data.length === SHA256_SIZE_BYTES ? data : refuse('conditionsOfUse');
}
