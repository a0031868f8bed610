import type { EvidenceErrorCode } from '../contract/evidence/errors.ts';
import type { CheckOutcome, ReceiptCheckCode } from '../contract/evidence/verify-receipt.ts';
import type { Language } from './arguments.ts';

/** Every sentence of the command line in one language; the compiler sees to it that none is missing. */
export interface Sentences {
  readonly usage: string;
  readonly unreadable: (file: string) => string;
  readonly checks: Readonly<Record<ReceiptCheckCode, string>>;
  readonly outcomes: Readonly<Record<CheckOutcome, string>>;
  readonly reasons: Readonly<Record<EvidenceErrorCode, string>>;
  readonly holds: string;
  readonly fails: string;
  readonly visit: (institution: string, presentedAt: string, acceptedAt: string) => string;
}

const ja: Sentences = {
  usage: '使い方: tsunagi verify ファイル [--trust 信頼する鍵のファイル] [--lang ja|en]',
  unreadable: (file) => `${file} を読めません。`,
  checks: {
    receipt_format: '受診証のかたち',
    record_signature: '受診記録への交換センターの署名',
    proof_format: 'ログの証明のかたち',
    inclusion: 'この記録がログに入っていること',
    checkpoint_signature: 'ログの署名',
    witnesses: '第三者（立会人）の連署',
  },
  outcomes: { passed: '正しい', failed: '正しくない', not_checked: '調べられない', not_required: '求められていない' },
  reasons: {
    note_malformed: '署名文のかたちが崩れています。',
    note_unknown_key: '信頼する鍵の署名がありません。',
    note_bad_signature: '署名が内容と合いません。書き換えられたおそれがあります。',
    vkey_malformed: '検証鍵のかたちが崩れています。',
    checkpoint_malformed: 'チェックポイントのかたちが崩れています。',
    checkpoint_wrong_origin: '別のログのチェックポイントです。',
    proof_malformed: '証明のかたちが崩れています。',
    proof_mismatch: '証明がログの根に届きません。記録か証明が書き換えられています。',
    receipt_malformed: '受診証ではありません。',
    record_unknown_key: '記録に署名した交換センターの鍵を知りません。',
    record_bad_signature: '記録の署名が合いません。書き換えられたおそれがあります。',
    witnesses_missing: '連署した立会人が足りません。',
    tile_path_malformed: 'タイルの名前ではありません。',
    tree_moved: 'ログが先に進んでいます。',
    tree_damaged: 'ログの保存データが壊れています。',
    leaf_not_integrated: '記録はまだログに組み込まれていません。',
    trust_malformed: '信頼する鍵のファイルを読めません。',
    witness_request_malformed: '連署の依頼のかたちが崩れています。',
    witness_answer_malformed: '立会人の返事のかたちが崩れています。',
    witness_refused: '立会人が連署を断りました。',
    witness_unreachable: '立会人につながりません。',
  },
  holds: 'この受診証は正しいものです。',
  fails: 'この受診証は信用できません。',
  visit: (institution, presentedAt, acceptedAt) => `${institution} 提示 ${presentedAt} 受理 ${acceptedAt}`,
};

const en: Sentences = {
  usage: 'Usage: tsunagi verify FILE [--trust FILE of pinned keys] [--lang ja|en]',
  unreadable: (file) => `Cannot read ${file}.`,
  checks: {
    receipt_format: 'The file is a receipt',
    record_signature: 'The exchange signed the visit record',
    proof_format: 'The log proof is well formed',
    inclusion: 'The record stands in the log',
    checkpoint_signature: 'The log signed this state',
    witnesses: 'Independent witnesses saw the same log',
  },
  outcomes: {
    passed: 'holds',
    failed: 'does not hold',
    not_checked: 'could not be checked',
    not_required: 'not asked for',
  },
  reasons: {
    note_malformed: 'The signed note is malformed.',
    note_unknown_key: 'No pinned key signed this.',
    note_bad_signature: 'The signature does not match. It may have been altered.',
    vkey_malformed: 'A verifier key is malformed.',
    checkpoint_malformed: 'The checkpoint is malformed.',
    checkpoint_wrong_origin: 'The checkpoint is of another log.',
    proof_malformed: 'The proof is malformed.',
    proof_mismatch: 'The proof does not lead to the root of the log. The record or the proof was altered.',
    receipt_malformed: 'This is not a receipt.',
    record_unknown_key: 'The record was signed by an exchange that is not pinned.',
    record_bad_signature: 'The signature of the record does not match. It may have been altered.',
    witnesses_missing: 'Too few witnesses cosigned.',
    tile_path_malformed: 'This is not the name of a tile.',
    tree_moved: 'The log moved on meanwhile.',
    tree_damaged: 'The stored log is damaged.',
    leaf_not_integrated: 'The record is not in the log yet.',
    trust_malformed: 'The file of pinned keys cannot be understood.',
    witness_request_malformed: 'The request to the witness is malformed.',
    witness_answer_malformed: 'The answer of the witness is malformed.',
    witness_refused: 'The witness refused to cosign.',
    witness_unreachable: 'The witness cannot be reached.',
  },
  holds: 'This receipt is genuine.',
  fails: 'This receipt cannot be trusted.',
  visit: (institution, presentedAt, acceptedAt) => `${institution}, presented ${presentedAt}, accepted ${acceptedAt}`,
};

export const SENTENCES: Readonly<Record<Language, Sentences>> = { ja, en };
