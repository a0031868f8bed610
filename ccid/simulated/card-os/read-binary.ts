import type { CommandApdu, ResponseApdu } from '../../iso7816/apdu.ts';
import type { CardFile } from './card-file.ts';
import type { Instruction } from './definition.ts';
import { refuse, REFUSED } from './refusal.ts';
import type { CardSession } from './session.ts';

const SHORT_NE_MAX = 256;

/**
 * READ BINARY (ISO 7816-4 §11.3.3): P1 with its high bit names a short file identifier and P2 the offset, otherwise
 * P1-P2 is an offset of 15 bits into the current file.
 */
export const readBinary: Instruction = (session, command) => {
  const { file, offset } = locate(session, command);
  if (file.kind !== 'binary') return refuse('incompatibleFile');
  session.require(file.read);
  if (command.ne === undefined) return refuse('wrongLength');
  if (offset >= file.content.length) return refuse('offsetOutside');
  return readUpTo(file.content.slice(offset, offset + command.ne), command.ne);
};

function locate(session: CardSession, command: CommandApdu): { file: CardFile; offset: number } {
  if ((command.p1 & 0x80) === 0) {
    return { file: session.currentFile ?? refuse('noCurrentFile'), offset: (command.p1 << 8) | command.p2 };
  }
  if ((command.p1 & 0x60) !== 0) refuse('wrongP1P2');
  session.currentFile = session.fileBySfi(command.p1 & 0x1f, 'fileNotFound');
  return { file: session.currentFile, offset: command.p2 };
}

/** An Le of all zeros asks for what there is; any other Le that reaches past the end gets a warning with the rest. */
function readUpTo(data: Uint8Array, ne: number): ResponseApdu {
  const isOpenEnded = ne === SHORT_NE_MAX || ne === 65_536;
  return { data, sw: data.length < ne && !isOpenEnded ? REFUSED.endOfFile : 0x9000 };
}

/** READ RECORD by number with a short file identifier or on the current file (ISO 7816-4 §11.4.3). */
export const readRecord: Instruction = (session, command) => {
  if ((command.p2 & 0x07) !== 0x04) return refuse('wrongP1P2');
  const sfi = command.p2 >> 3;
  const file = sfi === 0 ? (session.currentFile ?? refuse('noCurrentFile')) : session.fileBySfi(sfi, 'fileNotFound');
  if (file.kind !== 'records') return refuse('incompatibleFile');
  session.currentFile = file;
  session.require(file.read);
  return { data: file.records[command.p1 - 1]?.slice() ?? refuse('recordNotFound'), sw: 0x9000 };
};
