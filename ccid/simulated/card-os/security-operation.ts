import type { KeyFile } from './card-file.ts';
import type { Instruction } from './definition.ts';
import { refuse } from './refusal.ts';
import { computeRsa } from './rsa.ts';

const FILE_REFERENCE = 0x81;
const KEY_REFERENCE = 0x84;

/**
 * MANAGE SECURITY ENVIRONMENT, SET for computing a signature: `22 41 B6` with one object `81` (file) or `84` (key) that
 * holds a file identifier (ISO 7816-4 §11.5.11).
 */
export const manageSecurityEnvironment: Instruction = (session, command) => {
  if (command.p1 !== 0x41 || command.p2 !== 0xb6) return refuse('wrongP1P2');
  const [tag, length, high, low, ...rest] = command.data ?? refuse('wrongLength');
  if (length !== 2 || high === undefined || low === undefined || rest.length > 0) return refuse('wrongData');
  if (tag !== FILE_REFERENCE && tag !== KEY_REFERENCE) return refuse('wrongData');
  const key = session.application.files.find((file) => file.id === ((high << 8) | low));
  if (key?.kind !== 'key') return refuse('referenceNotFound');
  session.signatureKey = key;
  return { data: new Uint8Array(), sw: 0x9000 };
};

/**
 * PERFORM SECURITY OPERATION, COMPUTE DIGITAL SIGNATURE: `2A 9E 9A` (ISO 7816-8 §11.3) with the whole padded block, as
 * the HPKI guideline has it (JAHIS 24-002 C.6.1).
 */
export const performSecurityOperation: Instruction = (session, command) => {
  if (command.p1 !== 0x9e || command.p2 !== 0x9a) return refuse('wrongP1P2');
  const file = session.signatureKey;
  if (file?.kind !== 'key') return refuse('conditionsOfUse');
  session.require(file.use);
  if (command.data?.length !== file.key.sizeBytes) return refuse('wrongLength');
  if (command.ne === undefined || command.ne < file.key.sizeBytes) return refuse('wrongLength');
  const signature = computeRsa(file.key, command.data) ?? refuse('wrongData');
  if (file.consumesVerification) withdraw(file, (attribute) => session.withdraw(attribute));
  return { data: signature, sw: 0x9000 };
};

function withdraw(file: KeyFile, take: (attribute: number | 'terminal') => void): void {
  if (typeof file.use === 'object') file.use.anyOf.forEach(take);
}
