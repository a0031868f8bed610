import type { CommandApdu, ResponseApdu } from '../../iso7816/apdu.ts';
import type { PinFile } from './card-file.ts';
import type { Instruction } from './definition.ts';
import { refuse, REFUSED } from './refusal.ts';
import type { CardSession } from './session.ts';

const TRIES_LEFT = 0x63c0;
const LONGEST_PIN = 16;

/**
 * VERIFY (ISO 7816-4 §11.5.6). Without data it answers 63Cx and spends nothing, even when the PIN is already verified:
 * software in the field depends on that. The try that empties the counter is answered 63C0, every later one
 * 6984 or 6983.
 */
export const verify: Instruction = (session, command) => {
  if (command.p1 !== 0) return refuse('wrongP1P2');
  const pin = findPin(session, command);
  const name = session.pinName(pin);
  if (!command.data) return status(TRIES_LEFT | session.pins.triesLeft(name, pin));
  if (command.data.length > LONGEST_PIN) return refuse('wrongLength');
  const outcome = session.pins.compare(name, pin, command.data);
  if (outcome.kind === 'right') {
    session.satisfy(pin.id);
    return status(0x9000);
  }
  session.withdraw(pin.id);
  return status(
    outcome.kind === 'wrong' ? TRIES_LEFT | outcome.triesLeft : REFUSED[pin.whenBlocked ?? 'referenceBlocked'],
  );
};

/** CHANGE REFERENCE DATA with the new value alone, P1 = 01 (ISO 7816-4 §11.5.7), after a VERIFY. */
export const changeReferenceData: Instruction = (session, command) => {
  if (command.p1 !== 1) return refuse('wrongP1P2');
  const pin = findPin(session, command);
  if (!pin.accepts) return refuse('conditionsOfUse');
  if (!session.has(pin.id)) return refuse('securityStatus');
  const value = command.data ?? refuse('wrongLength');
  if (!pin.accepts.test(String.fromCharCode(...value))) return refuse('wrongData');
  session.pins.change(session.pinName(pin), pin, value);
  return status(0x9000);
};

/** P2 = 80 is the current file, 81 to 9E a short file identifier. */
function findPin(session: CardSession, command: CommandApdu): PinFile {
  if ((command.p2 & 0xe0) !== 0x80) refuse('wrongP1P2');
  const sfi = command.p2 & 0x1f;
  const file =
    sfi === 0 ? (session.currentFile ?? refuse('noCurrentFile')) : session.fileBySfi(sfi, 'referenceNotFound');
  return file.kind === 'pin' ? file : refuse('incompatibleFile');
}

function status(sw: number): ResponseApdu {
  return { data: new Uint8Array(), sw };
}
