import { encodeUtf8 } from '../encoding.ts';
import { verifyEd25519 } from './ed25519.ts';
import { EvidenceError } from './errors.ts';
import type { NoteSigner } from './note-signer.ts';
import { findSignature, type NoteSignature, type SignedNote } from './signed-note.ts';
import { SIGNATURE_TYPES, type VerifierKey } from './verifier-key.ts';

const TIMESTAMP_BYTES = 8;

/** A witness's statement: at `time`, this was the largest consistent tree it had seen of the log. */
export interface Cosignature {
  readonly witness: string;
  /** Seconds since 1970 by the witness's clock. */
  readonly time: number;
}

/** The bytes a witness signs (C2SP tlog-cosignature, Ed25519 signed message). */
export const encodeCosignedMessage = (text: string, time: number): Uint8Array<ArrayBuffer> =>
  encodeUtf8(`cosignature/v1\ntime ${time}\n${text}`);

/** Cosigns a checkpoint's text at `time` (seconds since 1970). Checking consistency first is the caller's duty. */
export async function cosignCheckpoint(text: string, time: number, signer: NoteSigner): Promise<NoteSignature> {
  if (signer.verifier.type !== SIGNATURE_TYPES.cosignature) throw new TypeError('not a witness key');
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError('time counts whole seconds since 1970');
  const signature = new Uint8Array(TIMESTAMP_BYTES + 64);
  new DataView(signature.buffer).setBigUint64(0, BigInt(time));
  signature.set(await signer.sign(encodeCosignedMessage(text, time)), TIMESTAMP_BYTES);
  return { name: signer.verifier.name, keyId: signer.verifier.keyId, signature };
}

/**
 * Verifies a witness's cosignature on the note.
 *
 * @throws {EvidenceError} `note_unknown_key` when this witness did not cosign, `note_bad_signature`
 */
export async function verifyCosignature(note: SignedNote, key: VerifierKey): Promise<Cosignature> {
  if (key.type !== SIGNATURE_TYPES.cosignature) throw new TypeError('not a witness key');
  const found = findSignature(note.signatures, key);
  if (!found) throw new EvidenceError('note_unknown_key', `not cosigned by ${key.name}`);
  const { signature } = found;
  const time =
    signature.length === TIMESTAMP_BYTES + 64
      ? Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0))
      : NaN;
  const isValid =
    Number.isSafeInteger(time) &&
    (await verifyEd25519(key.publicKey, signature.subarray(TIMESTAMP_BYTES), encodeCosignedMessage(note.text, time)));
  if (!isValid) throw new EvidenceError('note_bad_signature', `the cosignature of ${key.name} does not verify`);
  return { witness: key.name, time };
}
