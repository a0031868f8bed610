import { encodeBase64, encodeUtf8 } from '../encoding.ts';
import { parseDecimal, parseHash } from './canonical-text.ts';
import { EvidenceError } from './errors.ts';
import type { NoteSigner } from './note-signer.ts';
import { parseNote, verifyNote, type NoteSignature, type SignedNote } from './signed-note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The state of a log: its first `size` leaves hash to `root` (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Opaque lines after the root. We write none. */
  readonly extensions: readonly string[];
}

/** The note text of a checkpoint, which is what gets signed. */
export function encodeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, size, encodeBase64(root), ...extensions].map((line) => `${line}\n`).join('');
}

/** @throws {EvidenceError} `checkpoint_malformed` */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', sizeText = '', rootText = '', ...rest] = text.split('\n');
  const extensions = rest.slice(0, -1);
  const size = parseDecimal(sizeText);
  const root = parseHash(rootText);
  const isComplete = origin !== '' && rest.at(-1) === '' && extensions.every((line) => line !== '');
  if (!isComplete || size === undefined || !root) throw new EvidenceError('checkpoint_malformed', 'not a checkpoint');
  return { origin, size, root, extensions };
}

/** A checkpoint with the note that carries it: signatures of the log and cosignatures of witnesses. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: SignedNote;
}

/** Reads a checkpoint note; verifies nothing. @throws {EvidenceError} */
export function parseSignedCheckpoint(text: string): SignedCheckpoint {
  const note = parseNote(text);
  return { checkpoint: parseCheckpoint(note.text), note };
}

/** Signs a checkpoint as the log whose key is named after its origin. */
export async function signCheckpoint(
  { origin, size, root }: Omit<Checkpoint, 'extensions'>,
  signer: NoteSigner,
): Promise<SignedNote> {
  if (signer.verifier.name !== origin) throw new TypeError('the log key is named after its origin');
  const text = encodeCheckpoint({ origin, size, root, extensions: [] });
  const signature: NoteSignature = {
    name: signer.verifier.name,
    keyId: signer.verifier.keyId,
    signature: await signer.sign(encodeUtf8(text)),
  };
  return { text, signatures: [signature] };
}

/**
 * Verifies that the log's key signed the checkpoint, and that it is that log's: the key is named after the origin.
 *
 * @throws {EvidenceError} `checkpoint_wrong_origin`, `note_unknown_key`, `note_bad_signature`
 */
export async function verifyCheckpoint({ checkpoint, note }: SignedCheckpoint, key: VerifierKey): Promise<void> {
  if (checkpoint.origin !== key.name) {
    throw new EvidenceError('checkpoint_wrong_origin', `${checkpoint.origin} is not ${key.name}`);
  }
  await verifyNote(note, key);
}
