import { encodeBase64 } from '../encoding.ts';
import { parseDecimal, parseHash } from './canonical-text.ts';
import { EvidenceError } from './errors.ts';

/** C2SP tlog-witness, add-checkpoint: not more than 63 consistency proof lines. */
const MAX_HASHES = 63;

/** What a log asks of a witness: to cosign a checkpoint that extends the one it cosigned last. */
export interface AddCheckpoint {
  /** Size of the checkpoint this witness cosigned last, 0 for none. */
  readonly oldSize: number;
  /** Consistency proof from `oldSize` to the checkpoint's size. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, as text. */
  readonly note: string;
}

/** The request body (C2SP tlog-witness, add-checkpoint). */
export function encodeAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  if (proof.length > MAX_HASHES) throw new RangeError('a consistency proof has at most 63 hashes');
  return `old ${oldSize}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`;
}

/** @throws {EvidenceError} `witness_request_malformed`; the checkpoint itself is not looked at */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const split = body.indexOf('\n\n');
  const [oldLine = '', ...hashLines] = body.slice(0, Math.max(split, 0)).split('\n');
  const oldSize = oldLine.startsWith('old ') ? parseDecimal(oldLine.slice(4)) : undefined;
  const proof = hashLines.map(parseHash).filter((hash) => hash !== undefined);
  if (oldSize === undefined || proof.length !== hashLines.length || proof.length > MAX_HASHES) {
    throw new EvidenceError('witness_request_malformed', 'not an add-checkpoint request');
  }
  return { oldSize, proof, note: body.slice(split + 2) };
}
