import { isSameBytes } from './canonical-text.ts';
import { verifyCosignature, type Cosignature } from './cosignature.ts';
import { EvidenceError } from './errors.ts';
import type { SignedNote } from './signed-note.ts';
import { isSameKey, parseVerifierKey, type VerifierKey } from './verifier-key.ts';

/** At least `threshold` of the pinned witnesses must have cosigned a checkpoint before it is believed. */
export interface WitnessPolicy {
  readonly threshold: number;
  readonly witnesses: readonly VerifierKey[];
}

/** A policy from verifier key texts; naming one witness twice must not count twice. @throws {RangeError} */
export function createWitnessPolicy(threshold: number, vkeys: readonly string[]): WitnessPolicy {
  const witnesses = vkeys.map(parseVerifierKey);
  const isRepeated = (key: VerifierKey, at: number) =>
    witnesses.slice(0, at).some((other) => isSameKey(key, other) || isSameBytes(key.publicKey, other.publicKey));
  if (witnesses.some(isRepeated)) throw new RangeError('a witness is named twice');
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > witnesses.length) {
    throw new RangeError('the threshold is between none and all of the witnesses');
  }
  return { threshold, witnesses };
}

/** The cosignatures of the policy's witnesses that verify. One that is wrong is left out like one that is missing. */
export async function findCosignatures(note: SignedNote, policy: WitnessPolicy): Promise<readonly Cosignature[]> {
  const results = await Promise.all(
    policy.witnesses.map((key) =>
      verifyCosignature(note, key).catch((error: unknown) => {
        if (error instanceof EvidenceError) return undefined;
        throw error;
      }),
    ),
  );
  return results.filter((result) => result !== undefined);
}
