import { encodeAddCheckpoint } from '../contract/evidence/add-checkpoint.ts';
import { verifyCosignature } from '../contract/evidence/cosignature.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import {
  encodeSignatureLine,
  findSignature,
  parseNote,
  parseSignatureLines,
} from '../contract/evidence/signed-note.ts';
import type { StoredCheckpoint } from '../storage/evidence.ts';
import type { EvidenceLog } from './log.ts';
import { startLoop, type LoopOptions } from './loop.ts';
import type { Witness } from './witness.ts';

/** What one round with one witness came to. */
export interface CosigningResult {
  readonly witness: string;
  readonly size: number;
  readonly error?: EvidenceError;
}

export interface CosigningLoopOptions extends Pick<LoopOptions, 'intervalMs' | 'onFailure'> {
  readonly onResult?: (result: CosigningResult) => void;
}

/**
 * Asks the witnesses to cosign the newest checkpoint, all at once, and keeps what verifies.
 *
 * A witness that is away delays nobody: the checkpoint stands without it and the next round tries again. What a witness
 * saw last is asked from the witness, never assumed.
 */
export function createCosigning(log: EvidenceLog, witnesses: readonly Witness[]) {
  const lastSizes = new Map<Witness, number>();

  const askOne = async (witness: Witness, { size, note }: StoredCheckpoint): Promise<CosigningResult> => {
    let oldSize = lastSizes.get(witness) ?? 0;
    if (lastSizes.has(witness) && oldSize === size) return { witness: witness.verifier.name, size };
    // Twice: the first answer may be that we spoke of the wrong size.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const proof = await log.consistencyProof(oldSize, size);
      const answer = await witness.addCheckpoint(encodeAddCheckpoint({ oldSize, proof, note }));
      if (answer.kind === 'cosigned') {
        const line = await verifyAnswer(witness, note, answer.lines);
        await log.addCosignature(size, line);
        lastSizes.set(witness, size);
        return { witness: witness.verifier.name, size };
      }
      if (answer.kind === 'refused') throw new EvidenceError('witness_refused', `${answer.status} ${answer.reason}`);
      if (answer.size > size) break;
      oldSize = answer.size;
    }
    throw new EvidenceError('witness_refused', 'the witness has seen a larger tree');
  };

  /**
   * One round with those that have not cosigned the newest checkpoint; never rejects for a witness's sake. All are asked
   * about the same one: only cosignatures under one checkpoint count together.
   */
  const cosignLatest = async (among: readonly Witness[] = witnesses): Promise<readonly CosigningResult[]> => {
    const checkpoint = await log.latestCheckpoint();
    return Promise.all(
      among.map((witness) =>
        askOne(witness, checkpoint).catch((error: unknown): CosigningResult => {
          if (!(error instanceof EvidenceError)) throw error;
          lastSizes.delete(witness);
          return { witness: witness.verifier.name, size: 0, error };
        }),
      ),
    );
  };

  return {
    cosignLatest,
    /** Rounds by itself; returns what stops it. `onResult` hears of every witness of every round. */
    start({ intervalMs = 1_000, onFailure, onResult = () => {} }: CosigningLoopOptions = {}): () => Promise<void> {
      const round = async () => (await cosignLatest()).forEach(onResult);
      return startLoop(round, { intervalMs, ...(onFailure ? { onFailure } : {}) }).stop;
    },
  };
}

/** The witness's own line out of its answer. @throws {EvidenceError} when it is missing or wrong */
async function verifyAnswer(witness: Witness, note: string, lines: string): Promise<string> {
  const { text } = parseNote(note);
  const signatures = parseSignatureLines(lines);
  await verifyCosignature({ text, signatures }, witness.verifier);
  const own = findSignature(signatures, witness.verifier);
  if (!own) throw new EvidenceError('witness_answer_malformed', 'the witness’s own line is missing');
  return encodeSignatureLine(own);
}
