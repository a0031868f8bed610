import type { CommandApdu, ResponseApdu } from '../../iso7816/apdu.ts';
import { concatBytes, equalBytes } from '../../iso7816/bytes.ts';
import type { Application } from './card-file.ts';
import type { Instruction } from './definition.ts';
import { refuse } from './refusal.ts';
import type { CardSession } from './session.ts';

const NO_FCI = 0x0c;
const NEXT_OCCURRENCE = 0x02;
const OK = 0x9000;

/**
 * SELECT (ISO 7816-4 §11.2.2) as cards with JICSAP commands do it: an application by its name or a prefix of it, an
 * elementary file by its identifier. A refused SELECT changes nothing.
 */
export const select: Instruction = (session, command) => {
  if (command.p1 === 0x04) return selectApplication(session, command);
  if (command.p1 === 0x02) return selectFile(session, command);
  if (command.p1 === 0x00 && !command.data) return selectMasterFile(session);
  return refuse('wrongP1P2');
};

/** A My Number Card refuses the master file after power-on, and later says 9000 and does nothing. */
function selectMasterFile(session: CardSession): ResponseApdu {
  const isAfterReset = !session.hasApplication || session.application === session.applications[0];
  if (isAfterReset) refuse('wrongP1P2');
  return { data: new Uint8Array(), sw: OK };
}

function selectApplication(session: CardSession, command: CommandApdu): ResponseApdu {
  const name = command.data ?? refuse('wrongLength');
  const application = findApplication(session, name, (command.p2 & NEXT_OCCURRENCE) !== 0) ?? refuse('fileNotFound');
  session.select(application);
  const hasFci = (command.p2 & NO_FCI) === 0 && command.ne !== undefined;
  return { data: hasFci ? encodeFci(application) : new Uint8Array(), sw: OK };
}

function findApplication(session: CardSession, prefix: Uint8Array, isNext: boolean): Application | undefined {
  const matching = session.applications.filter((application) =>
    equalBytes(application.name.subarray(0, prefix.length), prefix),
  );
  if (!isNext) return matching[0];
  const current = session.hasApplication ? matching.indexOf(session.application) : -1;
  return matching[current + 1];
}

/** File control information with nothing but the name: `6F { 84 name }`. */
function encodeFci(application: Application): Uint8Array {
  const { name } = application;
  return concatBytes(Uint8Array.of(0x6f, name.length + 2, 0x84, name.length), name);
}

function selectFile(session: CardSession, command: CommandApdu): ResponseApdu {
  if ((command.p2 & NO_FCI) !== NO_FCI) refuse('wrongP1P2');
  if (command.data?.length !== 2) refuse('wrongLength');
  session.currentFile = session.fileById((command.data[0]! << 8) | command.data[1]!);
  return { data: new Uint8Array(), sw: OK };
}
