import { isSameBytes } from './canonical-text.ts';
import { parseSignedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { EvidenceError } from './errors.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * Whether two checkpoint notes convict a log by themselves: both signed by its key, for one size, with two roots. No
 * honest log ever signs such a pair, so whoever holds it can show it to anyone.
 */
export async function isEquivocation(noteA: string, noteB: string, key: VerifierKey): Promise<boolean> {
  try {
    const a = parseSignedCheckpoint(noteA);
    const b = parseSignedCheckpoint(noteB);
    await verifyCheckpoint(a, key);
    await verifyCheckpoint(b, key);
    return a.checkpoint.size === b.checkpoint.size && !isSameBytes(a.checkpoint.root, b.checkpoint.root);
  } catch (error) {
    if (error instanceof EvidenceError) return false;
    throw error;
  }
}
