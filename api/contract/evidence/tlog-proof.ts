import { encodeBase64 } from '../encoding.ts';
import { parseCanonicalBase64, parseDecimal, parseHash } from './canonical-text.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { EvidenceError } from './errors.ts';
import { encodeNote } from './signed-note.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A path is at most as long as the tree is high. */
const MAX_HASHES = 63;

/** Everything that shows, without a network, that a leaf stands in a log (C2SP tlog-proof). */
export interface TlogProof {
  readonly index: number;
  /** Audit path, leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  readonly signedCheckpoint: SignedCheckpoint;
  /** Opaque and not authenticated by anything here. */
  readonly extra?: Uint8Array;
}

/** The text form; by convention a file ending in `.tlog-proof`. */
export const encodeTlogProof = ({ signedCheckpoint, ...parts }: TlogProof): string =>
  composeTlogProof({ ...parts, note: encodeNote(signedCheckpoint.note) });

/** The same over a checkpoint note that is at hand as text. */
export function composeTlogProof({
  index,
  hashes,
  note,
  extra,
}: Omit<TlogProof, 'signedCheckpoint'> & { readonly note: string }): string {
  const extraLine = extra ? `extra ${encodeBase64(extra)}\n` : '';
  const path = hashes.map((hash) => `${encodeBase64(hash)}\n`).join('');
  return `${HEADER}\n${extraLine}index ${index}\n${path}\n${note}`;
}

/** Reads a proof; verifies nothing. @throws {EvidenceError} `proof_malformed`, or what its checkpoint is refused for */
export function parseTlogProof(text: string): TlogProof {
  const split = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, split).split('\n');
  if (split < 0 || header !== HEADER) throw malformed('the first line is not the format name');

  const extra = lines[0]?.startsWith('extra ') ? parseCanonicalBase64(lines[0].slice(6)) : undefined;
  if (lines[0]?.startsWith('extra ')) {
    if (!extra) throw malformed('extra data is not base64');
    lines.shift();
  }
  const [indexLine = '', ...hashLines] = lines;
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice(6)) : undefined;
  if (index === undefined) throw malformed('no index');

  const hashes = hashLines.map(parseHash).filter((hash) => hash !== undefined);
  if (hashes.length !== hashLines.length || hashes.length > MAX_HASHES) throw malformed('a path line is not a hash');
  const signedCheckpoint = parseSignedCheckpoint(text.slice(split + 2));
  return { index, hashes, signedCheckpoint, ...(extra ? { extra } : {}) };
}

const malformed = (detail: string) => new EvidenceError('proof_malformed', detail);
