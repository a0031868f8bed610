import * as z from 'zod';
import { encodeBase64, encodeBase64Url } from '../encoding.ts';
import { EvidenceError } from './errors.ts';

const Hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const Commitment = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);

/**
 * One leaf of an export: its data, and what it commits to unless that was forgotten. An entry of somebody's access log is
 * theirs to open and not the auditor's: it is said to be one. That word hides no visit, whose number would be missing.
 */
export const ExportedLeaf = z
  .object({
    commitment: Commitment,
    opening: z
      .object({ record: z.string().max(16_384), salt: Commitment })
      .readonly()
      .optional(),
    kind: z.literal('access').optional(),
  })
  .readonly();
export type ExportedLeaf = z.infer<typeof ExportedLeaf>;

/**
 * A range of a log for an auditor, verifiable years later with this file and pinned keys: the leaves, the records they
 * commit to, and the way from them to a signed, cosigned root.
 */
export const EvidenceExport = z
  .object({
    format: z.literal('tsunagi-evidence-export'),
    version: z.literal(1),
    /** Index of the first leaf. */
    begin: z.number().int().nonnegative(),
    leaves: z.array(ExportedLeaf).min(1).readonly(),
    /** Range proof, base64 hashes. */
    proof: z.array(Hash).max(126).readonly(),
    /** The checkpoint note. */
    checkpoint: z.string().max(65_536),
    /** RFC 3161 token over the checkpoint's note text, base64 DER. */
    timestamp: z.base64().max(65_536).optional(),
  })
  .readonly();
export type EvidenceExport = z.infer<typeof EvidenceExport>;

/** What is known of one leaf. */
export interface LeafContent {
  readonly commitment: Uint8Array;
  readonly opening?: { readonly record: string; readonly salt: Uint8Array };
  readonly isAccess?: boolean;
}

export function createEvidenceExport(parts: {
  readonly begin: number;
  readonly leaves: readonly LeafContent[];
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
  readonly timestamp?: Uint8Array;
}): EvidenceExport {
  const leaves = parts.leaves.map(({ commitment, opening, isAccess }) => ({
    commitment: encodeBase64Url(commitment),
    ...(opening ? { opening: { record: opening.record, salt: encodeBase64Url(opening.salt) } } : {}),
    ...(isAccess ? { kind: 'access' as const } : {}),
  }));
  const { begin, checkpoint, timestamp } = parts;
  return {
    format: 'tsunagi-evidence-export',
    version: 1,
    begin,
    leaves,
    proof: parts.proof.map(encodeBase64),
    checkpoint,
    ...(timestamp ? { timestamp: encodeBase64(timestamp) } : {}),
  };
}

export const encodeEvidenceExport = (content: EvidenceExport): string => `${JSON.stringify(content, undefined, 1)}\n`;

/** @throws {EvidenceError} `export_malformed` */
export function parseEvidenceExport(text: string): EvidenceExport {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError('export_malformed', 'not JSON', { cause });
  }
  const parsed = EvidenceExport.safeParse(json);
  if (!parsed.success) {
    throw new EvidenceError('export_malformed', parsed.error.issues[0]?.path.join('.') || 'not an export');
  }
  return parsed.data;
}
