import type { EvidenceErrorCode } from '../contract/evidence/errors.ts';
import type { CheckOutcome } from '../contract/evidence/check.ts';
import type { ChainFault } from '../contract/evidence/record-chain.ts';
import type { ExportCheckCode } from '../contract/evidence/verify-export.ts';
import type { ReceiptCheckCode } from '../contract/evidence/verify-receipt.ts';
import type { Language } from './arguments.ts';
import type { FileObstacle } from './file-obstacle.ts';

/** Every sentence of the command line in one language; the compiler sees to it that none is missing. */
export interface Sentences {
  readonly usage: string;
  /** What stands below the usage for whoever asks with `--help`. */
  readonly help: string;
  readonly unreadable: (file: string) => string;
  readonly obstacles: Readonly<Record<FileObstacle, string>>;
  readonly trusting: (file: string) => string;
  readonly noTrust: (places: readonly string[]) => string;
  readonly checks: Readonly<Record<ReceiptCheckCode | ExportCheckCode, string>>;
  readonly outcomes: Readonly<Record<CheckOutcome, string>>;
  readonly reasons: Readonly<Record<EvidenceErrorCode, string>>;
  readonly faults: Readonly<Record<ChainFault['kind'], string>>;
  readonly receipt: { readonly holds: string; readonly fails: string };
  readonly export: { readonly holds: string; readonly fails: string };
  readonly visit: (institution: string, presentedAt: string, acceptedAt: string) => string;
  readonly audit: { readonly holds: (old: number, now: number) => string; readonly fails: string };
  readonly exported: (file: string) => string;
  readonly forgotten: (records: number) => string;
  readonly notDone: (why: string) => string;
  readonly range: (leaves: number, forgotten: number, access: number) => string;
}

const ja: Sentences = {
  usage: `使い方: tsunagi verify ファイル [--trust 信頼する鍵のファイル] [--lang ja|en]
        tsunagi audit ファイル 記録簿のURL
        tsunagi export 交換センターのURL 最初の番号 最後の次の番号 ファイル --operator 名前 --key 鍵のファイル
        tsunagi forget 交換センターのURL 仮名 --operator 名前 --key 鍵のファイル`,
  help: `
  verify   控え(JSON、二次元コードの文字列、COSE)や監査用の書き出しを、通信せずに確かめます
  audit    控えが出た時から記録簿が書き換えられていないかを、記録簿に尋ねます
  export   監査用に、記録簿の範囲を書き出します(運用者)
  forget   ある人の記録と塩を消します(運用者)
  --trust  信頼する鍵。省くと tsunagi-trust.json を今のフォルダー、ファイルの隣、data から探します
  --lang   ja または en

終了コード: 0 正しい、1 正しくない、2 調べられなかった
`,
  exported: (file) => `${file} に書き出しました。tsunagi verify で確かめられます。`,
  forgotten: (records) => `記録 ${records} 件と塩を消しました。`,
  notDone: (why) => `できませんでした: ${why}`,
  unreadable: (file) => `${file} を読めません。`,
  obstacles: {
    missing: 'そのようなファイルはありません。',
    folder: 'フォルダーです。ファイルを指定してください。',
    forbidden: '読む権限がありません。',
    too_large: '大きすぎます。控えでも監査用の書き出しでもありません。',
  },
  trusting: (file) => `信頼する鍵: ${file}`,
  noTrust: (places) =>
    `信頼する鍵のファイルが見つかりません（探した場所: ${places.join('、')}）。サーバーの /evidence/trust.json から受け取るか、--trust で指定してください。`,
  checks: {
    receipt_format: '控えの形式',
    record_signature: '受診の記録への交換センターの署名',
    proof_format: '記録簿の証明の形式',
    inclusion: '記録が記録簿に載っていること',
    checkpoint_signature: '記録簿の署名',
    witnesses: '証人の署名',
    export_format: '監査用の書き出しの形式',
    timestamp: '時刻認証局のタイムスタンプ',
    range: '書き出された葉がすべて記録簿に載っていること',
    openings: '記録が葉と一致すること',
    record_signatures: '記録への交換センターの署名',
    chains: '記録の順序（欠け・入れ替えがないこと）',
  },
  outcomes: { passed: '正しい', failed: '正しくない', not_checked: '調べられない', not_required: '求められていない' },
  reasons: {
    note_malformed: '署名文の形式に誤りがあります。',
    note_unknown_key: '信頼する鍵の署名がありません。',
    note_bad_signature: '署名が内容と合いません。書き換えられたおそれがあります。',
    vkey_malformed: '検証鍵の形式に誤りがあります。',
    checkpoint_malformed: 'チェックポイントの形式に誤りがあります。',
    checkpoint_wrong_origin: '別の記録簿のチェックポイントです。',
    proof_malformed: '証明の形式に誤りがあります。',
    proof_mismatch: '証明が記録簿の根に届きません。記録か証明が書き換えられています。',
    receipt_malformed: '控えではありません。',
    record_unknown_key:
      '記録に署名した交換センターの鍵を知りません。鍵が替わったのなら、/evidence/trust.json をもう一度受け取ってください。',
    record_bad_signature: '記録の署名が合いません。書き換えられたおそれがあります。',
    witnesses_missing: '署名した証人が足りません。',
    tile_path_malformed: 'タイルの名前ではありません。',
    tree_moved: '記録簿が先に進んでいます。',
    tree_damaged: '記録簿の保存データが壊れています。',
    leaf_not_integrated: '記録はまだ記録簿に組み込まれていません。',
    trust_malformed: '信頼する鍵のファイルを読めません。',
    export_malformed: '監査用の書き出しとして読み取れません。',
    leaf_mismatch: '記録が記録簿の葉と合いません。',
    chain_broken: '記録のつながりが切れています。',
    compact_malformed: '二次元コードの中身を読み取れません。',
    cose_malformed: 'COSE形式の控えとして読み取れません。',
    timestamp_malformed: 'タイムスタンプの形式に誤りがあります。',
    timestamp_mismatch: 'タイムスタンプが別のものに付けられています。',
    timestamp_untrusted: 'タイムスタンプを付けた局を知りません。',
    timestamp_unavailable: 'タイムスタンプ局につながりません。',
    timestamp_missing: 'タイムスタンプが付いていません。',
    log_unreachable: '記録簿につながりません。',
    log_contradicts: '記録簿が、前に署名した状態と食い違っています。',
    witness_request_malformed: '署名の依頼の形式に誤りがあります。',
    witness_answer_malformed: '証人の返事の形式に誤りがあります。',
    witness_refused: '証人が署名を断りました。',
    witness_unreachable: '証人につながりません。',
  },
  faults: {
    previous_missing: '一つ前の記録がありません',
    previous_repeated: '同じ記録に続く記録が二つあります',
    accepted_backwards: '前の記録より先に受理されています',
    sequence_gap: '通し番号が欠けています',
    sequence_repeated: '通し番号が重なっています',
    window_empty: '受診の時間帯が成り立ちません',
  },
  receipt: { holds: 'この控えは正しいものです。', fails: 'この控えは信用できません。' },
  export: { holds: 'この書き出しは正しいものです。', fails: 'この書き出しは信用できません。' },
  audit: {
    holds: (old, now) => `記録簿は、控えの時点（${old} 件）から書き換えられずに ${now} 件まで伸びています。`,
    fails: '記録簿を信用できません。',
  },
  range: (leaves, forgotten, access) => `葉 ${leaves} 件（うち開示の履歴 ${access} 件、消去済み ${forgotten} 件）`,
  visit: (institution, presentedAt, acceptedAt) => `${institution} 提示 ${presentedAt} 受理 ${acceptedAt}`,
};

const en: Sentences = {
  usage: `Usage: tsunagi verify FILE [--trust FILE of pinned keys] [--lang ja|en]
       tsunagi audit FILE URL-of-log
       tsunagi export URL-of-exchange BEGIN END FILE --operator NAME --key FILE
       tsunagi forget URL-of-exchange SUBJECT --operator NAME --key FILE`,
  help: `
  verify   checks a receipt (JSON, the text of its QR code, COSE) or an export for auditors, without a network
  audit    asks the log whether it was rewritten since a receipt was issued
  export   writes a range of the log for an auditor (operators)
  forget   deletes a person's records and salts (operators)
  --trust  pinned keys; without it tsunagi-trust.json is looked for here, beside FILE and in data
  --lang   ja or en

Exit codes: 0 everything holds, 1 something does not, 2 the question could not be asked`,
  exported: (file) => `Written to ${file}; tsunagi verify checks it.`,
  forgotten: (records) => `${records} records and their salts are gone.`,
  notDone: (why) => `Not done: ${why}`,
  unreadable: (file) => `Cannot read ${file}.`,
  obstacles: {
    missing: 'There is no such file.',
    folder: 'It is a folder; name a file in it.',
    forbidden: 'It may not be read by this user.',
    too_large: 'It is too large to be a receipt or an export for auditors.',
  },
  trusting: (file) => `Pinned keys: ${file}`,
  noTrust: (places) =>
    `No file of pinned keys was found (looked at ${places.join(', ')}). Fetch it from a server you trust, at /evidence/trust.json, or name one with --trust.`,
  checks: {
    receipt_format: 'The file is a receipt',
    record_signature: 'The exchange signed the visit record',
    proof_format: 'The log proof is well formed',
    inclusion: 'The record stands in the log',
    checkpoint_signature: 'The log signed this state',
    witnesses: 'Independent witnesses saw the same log',
    export_format: 'The file is an export for auditors',
    timestamp: 'A time-stamp authority confirmed the time',
    range: 'Every exported leaf stands in the log',
    openings: 'The records are what the leaves commit to',
    record_signatures: 'The exchange signed every record',
    chains: 'The records are in order, with none missing',
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
    record_unknown_key:
      'The record was signed by an exchange that is not pinned. If it has changed its key, fetch its /evidence/trust.json again.',
    record_bad_signature: 'The signature of the record does not match. It may have been altered.',
    witnesses_missing: 'Too few witnesses cosigned.',
    tile_path_malformed: 'This is not the name of a tile.',
    tree_moved: 'The log moved on meanwhile.',
    tree_damaged: 'The stored log is damaged.',
    leaf_not_integrated: 'The record is not in the log yet.',
    trust_malformed: 'The file of pinned keys cannot be understood.',
    export_malformed: 'This is not a readable export for auditors.',
    leaf_mismatch: 'A record does not match its leaf in the log.',
    chain_broken: 'The chain of records is broken.',
    compact_malformed: 'The content of the QR code cannot be read.',
    cose_malformed: 'This is not a readable COSE receipt.',
    timestamp_malformed: 'The time-stamp is malformed.',
    timestamp_mismatch: 'The time-stamp is for something else.',
    timestamp_untrusted: 'The authority that stamped the time is not known here.',
    timestamp_unavailable: 'The time-stamp authority cannot be reached.',
    timestamp_missing: 'No time-stamp came along.',
    log_unreachable: 'The log cannot be reached.',
    log_contradicts: 'The log contradicts a state that it signed before.',
    witness_request_malformed: 'The request to the witness is malformed.',
    witness_answer_malformed: 'The answer of the witness is malformed.',
    witness_refused: 'The witness refused to cosign.',
    witness_unreachable: 'The witness cannot be reached.',
  },
  faults: {
    previous_missing: 'the record before it is not here',
    previous_repeated: 'two records follow the same one',
    accepted_backwards: 'it was accepted before the record it follows',
    sequence_gap: 'sequence numbers are missing',
    sequence_repeated: 'a sequence number is used twice',
    window_empty: 'the proven window of time is empty',
  },
  receipt: { holds: 'This receipt is genuine.', fails: 'This receipt cannot be trusted.' },
  export: { holds: 'This export is genuine.', fails: 'This export cannot be trusted.' },
  audit: {
    holds: (old, now) =>
      `The log grew from ${old} leaves at the time of the receipt to ${now} without being rewritten.`,
    fails: 'The log cannot be trusted.',
  },
  range: (leaves, forgotten, access) =>
    `${leaves} leaves, ${access} of them entries of access logs, ${forgotten} forgotten`,
  visit: (institution, presentedAt, acceptedAt) => `${institution}, presented ${presentedAt}, accepted ${acceptedAt}`,
};

export const SENTENCES: Readonly<Record<Language, Sentences>> = { ja, en };
