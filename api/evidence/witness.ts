import { parseAddCheckpoint, type AddCheckpoint } from '../contract/evidence/add-checkpoint.ts';
import { isSameBytes } from '../contract/evidence/canonical-text.ts';
import { parseSignedCheckpoint, verifyCheckpoint, type SignedCheckpoint } from '../contract/evidence/checkpoint.ts';
import { cosignCheckpoint } from '../contract/evidence/cosignature.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { verifyConsistency } from '../contract/evidence/merkle-verify.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import { encodeSignatureLine } from '../contract/evidence/signed-note.ts';
import { EMPTY_ROOT } from '../contract/evidence/tree-hash.ts';
import type { VerifierKey } from '../contract/evidence/verifier-key.ts';
import type { SeenCheckpoint, WitnessStore } from '../storage/witness.ts';

/** A witness's answer, with the HTTP status it travels under (C2SP tlog-witness, add-checkpoint). */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly status: 200; readonly lines: string }
  /** The log spoke of another size than the one cosigned last; this is that size. */
  | { readonly kind: 'other_size'; readonly status: 409; readonly size: number }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 409 | 422; readonly reason: string };

/** Cosigns a log's checkpoints as long as each extends the one before. */
export interface Witness {
  readonly verifier: VerifierKey;
  /** The body of an add-checkpoint request. */
  addCheckpoint(body: string): Promise<WitnessAnswer>;
}

export interface WitnessParts {
  readonly store: WitnessStore;
  /** A key of type `cosignature`, used for nothing else. */
  readonly signer: NoteSigner;
  /** The logs witnessed, by their pinned keys; read at every request, as directories change. */
  readonly logKeys: () => readonly VerifierKey[];
  readonly clock: () => Date;
}

const refuse = (status: 400 | 403 | 404 | 409 | 422, reason: string): WitnessAnswer => ({
  kind: 'refused',
  status,
  reason,
});

export function createWitness({ store, signer, logKeys, clock }: WitnessParts): Witness {
  const cosign = async (signed: SignedCheckpoint): Promise<WitnessAnswer> => {
    const line = await cosignCheckpoint(signed.note.text, Math.floor(clock().getTime() / 1000), signer);
    return { kind: 'cosigned', status: 200, lines: encodeSignatureLine(line) };
  };
  const report = (seen: SeenCheckpoint, offeredNote: string) =>
    store.recordMisbehaviour({ origin: seen.origin, seenNote: seen.note, offeredNote, noticedAt: clock() });

  const consider = async (request: AddCheckpoint, signed: SignedCheckpoint): Promise<WitnessAnswer> => {
    const { origin, size, root } = signed.checkpoint;
    const { oldSize, proof, note } = request;
    if (oldSize > size) return refuse(400, 'the old size is larger than the checkpoint');
    const seen = await store.readSeen(origin);
    const seenSize = seen?.size ?? 0;
    const isForked = seen && size === seenSize && !isSameBytes(root, seen.root);
    if (isForked) await report(seen, note);
    if (oldSize !== seenSize) return { kind: 'other_size', status: 409, size: seenSize };
    if (isForked) return refuse(409, 'another root was cosigned for this size');
    if (!verifyConsistency({ oldSize, oldRoot: seen?.root ?? EMPTY_ROOT, size, root, proof })) {
      // Without a valid proof this may be a mistake; with two signed states it is at least worth keeping.
      if (seen) await report(seen, note);
      return refuse(422, 'the consistency proof does not hold');
    }
    if (await store.advance(seenSize, { origin, size, root, note })) return cosign(signed);
    return { kind: 'other_size', status: 409, size: (await store.readSeen(origin))?.size ?? 0 };
  };

  return {
    verifier: signer.verifier,
    async addCheckpoint(body) {
      let request: AddCheckpoint;
      let signed: SignedCheckpoint;
      try {
        request = parseAddCheckpoint(body);
        signed = parseSignedCheckpoint(request.note);
      } catch (error) {
        if (error instanceof EvidenceError) return refuse(400, error.code);
        throw error;
      }
      const keys = logKeys().filter(({ name }) => name === signed.checkpoint.origin);
      if (keys.length === 0) return refuse(404, 'the log is not witnessed here');
      if (!(await isSignedByAny(signed, keys))) return refuse(403, 'no trusted key signed the checkpoint');
      return consider(request, signed);
    },
  };
}

async function isSignedByAny(signed: SignedCheckpoint, keys: readonly VerifierKey[]): Promise<boolean> {
  for (const key of keys) {
    try {
      await verifyCheckpoint(signed, key);
      return true;
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
    }
  }
  return false;
}
