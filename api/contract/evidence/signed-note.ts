import { encodeBase64, encodeUtf8 } from '../encoding.ts';
import { parseCanonicalBase64 } from './canonical-text.ts';
import { verifyEd25519 } from './ed25519.ts';
import { EvidenceError } from './errors.ts';
import { isKeyName, isSameKey, type VerifierKey } from './verifier-key.ts';

/** One signature line: who claims to have signed, and the bytes after the key id. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A signed note (C2SP signed-note). `text` ends in a newline and is what is signed. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The specification asks for at least 16; a relay could otherwise fill our memory. */
const MAX_SIGNATURES = 64;
const SEPARATOR = '\n\n';

/** `— name base64(key id ‖ signature)` and a newline. */
export function encodeSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${encodeBase64(new Uint8Array([...keyId, ...signature]))}\n`;
}

/** Signature lines, each with its newline. @throws {EvidenceError} `note_malformed` */
export function parseSignatureLines(text: string): readonly NoteSignature[] {
  if (!text.endsWith('\n')) throw new EvidenceError('note_malformed', 'a signature line ends in a newline');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new EvidenceError('note_malformed', 'too many signatures');
  return lines.map((line) => {
    const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
    const bytes = parseCanonicalBase64(encoded);
    if (!isKeyName(name) || !bytes || bytes.length < 5) {
      throw new EvidenceError('note_malformed', 'not a signature line');
    }
    return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
  });
}

export function encodeNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(encodeSignatureLine).join('')}`;
}

/** Splits a note at its last empty line. Verifies nothing. @throws {EvidenceError} `note_malformed` */
export function parseNote(note: string): SignedNote {
  // eslint-disable-next-line no-control-regex -- the specification forbids exactly these
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.isWellFormed()) {
    throw new EvidenceError('note_malformed', 'control characters or broken UTF-16');
  }
  const split = note.lastIndexOf(SEPARATOR);
  if (split < 1) throw new EvidenceError('note_malformed', 'no signatures');
  return { text: note.slice(0, split + 1), signatures: parseSignatureLines(note.slice(split + SEPARATOR.length)) };
}

/** The signature that claims to be by this key. */
export function findSignature(signatures: readonly NoteSignature[], key: VerifierKey): NoteSignature | undefined {
  return signatures.find((signature) => isSameKey(signature, key));
}

/**
 * Verifies the note's plain Ed25519 signature by this key (C2SP signed-note, Ed25519 signatures).
 *
 * @throws {EvidenceError} `note_unknown_key` when the key signed nothing, `note_bad_signature` when what it signed
 * is something else
 */
export async function verifyNote(note: SignedNote, key: VerifierKey): Promise<void> {
  const found = findSignature(note.signatures, key);
  if (!found) throw new EvidenceError('note_unknown_key', `not signed by ${key.name}`);
  if (!(await verifyEd25519(key.publicKey, found.signature, encodeUtf8(note.text)))) {
    throw new EvidenceError('note_bad_signature', `the signature of ${key.name} does not verify`);
  }
}
