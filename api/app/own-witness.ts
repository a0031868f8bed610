import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import { parseVerifierKey } from '../contract/evidence/verifier-key.ts';
import type { ExchangeId } from '../contract/ids.ts';
import type { DirectoryView } from '../directory/directory-view.ts';
import { createWitness, type Witness } from '../evidence/witness.ts';
import type { WitnessStore } from '../storage/witness.ts';

/** The witness that a server is for the logs it knows; none without a key. */
export function createOwnWitness(parts: {
  readonly signer: NoteSigner | undefined;
  /** Verifier key texts, out of verified directories. */
  readonly logKeys: () => readonly string[];
  readonly store: WitnessStore;
  readonly now: () => Date;
}): Witness | undefined {
  const { signer, logKeys, store, now } = parts;
  if (!signer) return undefined;
  return createWitness({
    store,
    signer,
    logKeys: () => logKeys().map(parseVerifierKey),
    clock: now,
  });
}

/** Keys of the logs of all others: nobody is a witness of itself. */
export const peerLogKeys = ({ directories }: DirectoryView, self: ExchangeId): readonly string[] =>
  directories.flatMap(({ iss, logKeys }) => (iss === self ? [] : logKeys));
