import type { SummaryStatus } from '#api/contract/coverage-summary.ts';
import type { VisitPlace } from '#lib/visits/local-visit.ts';

const places: Record<VisitPlace, string> = {
  tablet: 'この端末に保存',
  gateway: '院内に保存',
  recorded: '記録済み',
  log: '記録簿に掲載',
  refused: '受け付けられません',
};

const placeHints: Record<VisitPlace, string> = {
  tablet: '暗号化してこの端末に保存しました。つながると自動で送ります。',
  gateway: '院内のサーバーが預かりました。中継センターにつながると自動で送ります。',
  recorded: '中継センターが受診を記録しました。記録簿への掲載を待っています。',
  log: '公開の記録簿に載りました。控えは誰でも検証できます。',
  refused: 'この受付は記録されていません。',
};

const coverage: Record<SummaryStatus, string> = {
  valid: '保険は有効です',
  expired: '保険の期限切れです',
  superseded: '保険が変わっています',
  not_found: '保険が見つかりません',
  ambiguous: '保険を特定できません',
  unchecked: '保険は未確認です',
};

const coverageHints: Record<SummaryStatus, string> = {
  valid: '',
  expired: '新しい保険をお持ちか、ご本人に確かめてください。',
  superseded: '新しい資格が登録されています。ご本人に確かめてください。',
  not_found: '保険者に登録がありません。保険証や資格確認書を見せていただいてください。',
  ambiguous: '候補が複数あります。窓口で確かめてください。',
  unchecked: '保険者につながらないため、あとで確認します。',
};

const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes, hours or days, whichever says most with the smallest number. */
const howLong = (minutes: number): string => {
  if (minutes < 2 * HOUR) return `${minutes}分`;
  return minutes < DAY ? `${Math.round(minutes / HOUR)}時間` : `${Math.round(minutes / DAY)}日`;
};

export const reception = {
  title: '受付',
  place: 'カードを置いてください',
  placeHint: 'マイナンバーカードを、リーダーの上に平らに置きます。暗証番号は要りません。',
  noReader: 'カードリーダーをつないでください',
  noReaderHint: '一度選ぶと、次からは自動で使います。',
  chooseReader: 'リーダーを選ぶ',
  start: '受け付ける',
  again: 'もう一度読み取る',
  next: '次の方へ',
  keepStill: 'そのまま動かさないでください',
  mayTakeCard: 'カードを離しても大丈夫です',
  takeCard: 'カードをお取りください',
  steps: { found: '検出', read: '読み取り', signed: '署名', checked: '確認' },
  progress: (done: number) => `4段階のうち${done}段階まで完了`,
  accepted: '受け付けました',
  kept: 'この端末に保存しました',
  keptHint: '名前と保険は、つながったあとに確認できます。',
  keptAtGateway: '院内に保存しました',
  keptAtGatewayHint: '中継センターにつながると、名前と保険を確認できます。',
  refused: '受け付けられませんでした',
  failed: '読み取れませんでした',
  honorific: '様',
  showFullName: '氏名をすべて表示',
  hideFullName: '姓だけにする',
  today: '今日の受付',
  count: (count: number) => `${count}人`,
  countAtLeast: (count: number) => `${count}人以上`,
  find: '今日の受付を探す',
  newestOnly: '一覧にあるのは新しい受付です。すべての受付は「探す」で見られます。',
  queueEmpty: 'まだ受付はありません',
  queueEmptyHint: 'カードを置くと、ここに並びます。',
  unnamed: '氏名は未確認',
  notSent: (count: number) => `未送信 ${count}件`,
  places,
  placeHints,
  coverage,
  coverageHints,
  expiredOn: (date: string) => `有効期限は${date}まででした。`,
  validUntil: (date: string) => `${date}まで`,
  validUntilLabel: '有効期限',
  burden: (percent: number) => `窓口負担 ${percent / 10}割`,
  insurer: '保険者',
  insurerNumber: '保険者番号',
  symbolNumber: '記号・番号',
  details: '受付の詳細',
  presentedAt: 'カードを置いた時刻',
  acceptedAt: '記録された時刻',
  birthDate: '生年月日',
  whereItIs: '記録の場所',
  receipt: '受診の控え',
  saveReceipt: '控えを保存する',
  receiptPending: '控えは記録簿に載ると受け取れます。',
  documents: (count: number) => `登録した結果 ${count}件`,
  simulatedPayer: '模擬の保険者の回答です。',
  clockWrong: (minutes: number) =>
    `この端末の時計が約${howLong(Math.abs(minutes))}${minutes > 0 ? '進んで' : '遅れて'}います。受付はサーバーの時刻で続けます。時刻を合わせてください。`,
  storageLost: (count: number) =>
    count > 0
      ? `ブラウザーがこの端末の保存領域を消しました。送っていない受付が${count}件失われました。もう一度受け付けてください。`
      : 'ブラウザーがこの端末の保存領域を消しました。送っていない受付はありませんでした。',
  storageLostTitle: '保存領域が消えました',
  storageMissing: 'このブラウザーは端末に保存できません。オフラインでは受け付けられません。',
  unreadable: (count: number) =>
    `この端末に保存した受付${count}件を読み取れません。消さずに残してあります。管理者にお知らせください。`,
  understood: '確認しました',
  setUp: 'この端末を使えるようにします',
  setUpHint: '端末に名前を付けてください。署名の鍵はこの端末の中で作られ、外に出ません。',
  terminalName: '端末の名前',
  terminalNameDefault: '受付タブレット',
  terminalCode: '登録コード',
  terminalCodeHint: '管理者から受け取った番号です。',
  setUpStart: 'この端末を登録する',
  setUpOffline: '最初の登録にはサーバーへの接続が必要です。つながると続けられます。',
};
