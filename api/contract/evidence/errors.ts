/** Why evidence was refused. Stable: pages hold a sentence for each in both languages. */
export const EVIDENCE_ERROR_CODES = [
  'note_malformed',
  'note_unknown_key',
  'note_bad_signature',
  'vkey_malformed',
  'checkpoint_malformed',
  'checkpoint_wrong_origin',
  'proof_malformed',
  'proof_mismatch',
  'receipt_malformed',
  'record_unknown_key',
  'record_bad_signature',
  'witnesses_missing',
  'tile_path_malformed',
  'tree_moved',
  'tree_damaged',
  'leaf_not_integrated',
  'trust_malformed',
  'export_malformed',
  'leaf_mismatch',
  'chain_broken',
  'compact_malformed',
  'cose_malformed',
  'timestamp_malformed',
  'timestamp_mismatch',
  'timestamp_untrusted',
  'timestamp_unavailable',
  'timestamp_missing',
  'log_unreachable',
  'log_contradicts',
  'witness_request_malformed',
  'witness_answer_malformed',
  'witness_refused',
  'witness_unreachable',
] as const;
export type EvidenceErrorCode = (typeof EVIDENCE_ERROR_CODES)[number];

/** A failure of evidence: something read, received or stored does not hold. */
export class EvidenceError extends Error {
  readonly code: EvidenceErrorCode;
  constructor(code: EvidenceErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'EvidenceError';
    this.code = code;
  }
}
