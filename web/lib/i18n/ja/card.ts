import type { KeyUsage } from '#api/contract/certificate-extensions.ts';
import type { Chamber, ChamberFile, ChamberPin, FileName } from '#lib/inspector/chambers.ts';
import type { CertificatePurpose } from '#lib/inspector/certificate-facts.ts';
import type { CommandPurpose } from '#lib/inspector/dialogue.ts';
import type { KnownApplication } from '#lib/inspector/known-applications.ts';
import type { KnownAuthority } from '#lib/inspector/known-authorities.ts';

const applications: Record<Chamber['application'], string> = {
  jpki: '公的個人認証AP',
  text: '券面事項入力補助AP',
  surface: '券面事項確認AP',
  hpkiSignature: 'HPKI 署名',
  hpkiAuthentication: 'HPKI 認証',
};

const applicationHints: Record<Chamber['application'], string> = {
  jpki: '証明書と署名の鍵',
  text: '氏名・住所などの文字と、置くだけで使える鍵',
  surface: '券面に印刷された事項の画像',
  hpkiSignature: '資格のある人が文書に署名する鍵',
  hpkiAuthentication: '資格のある人が本人と示す鍵',
};

const files: Record<FileName, string> = {
  'jpki.signCertificate': '署名用証明書',
  'jpki.signCaCertificate': '署名用の認証局の証明書',
  'jpki.token': '入れ物の種類',
  'jpki.availability': '証明書の有無',
  'jpki.authCertificate': '利用者証明用証明書',
  'jpki.authCaCertificate': '利用者証明用の認証局の証明書',
  'jpki.authKey': '利用者証明用の秘密鍵',
  'jpki.authPin': '利用者証明用の暗証番号',
  'jpki.signKey': '署名用の秘密鍵',
  'jpki.signPassword': '署名用のパスワード',
  'text.myNumber': '個人番号',
  'text.attributes': '氏名・住所・生年月日・性別',
  'text.integrity': '上の二つの改ざん検知',
  'text.certificate': 'カードの鍵の証明書',
  'text.keyRecord': 'カードの公開鍵',
  'text.pin': '暗証番号',
  'text.numberA': '照合番号A',
  'text.numberB': '照合番号B',
  'surface.ageRecord': '生年月日とカードの鍵',
  'surface.cardFace': '券面の文字と顔写真',
  'surface.applicationInfo': '版と鍵の番号',
  'surface.certificate': 'カードの鍵の証明書',
  'surface.myNumberImage': '個人番号の画像',
  'surface.birthDate': '生年月日',
  'surface.numberB': '照合番号B',
  'surface.numberA': '照合番号A',
  'hpki.certificate': '資格者の証明書',
  'hpki.authorities': '認証局の証明書',
  'hpki.key': '秘密鍵',
};

const openers: Record<ChamberFile['openedBy'][number], string> = {
  free: '誰でも読める',
  'auth PIN': '利用者証明用の暗証番号',
  'auth PIN or certified terminal': '利用者証明用の暗証番号、または認定端末',
  'sign password': '署名用のパスワード',
  'text PIN': '入力補助用の暗証番号',
  'number A': '照合番号A（個人番号）',
  'number B': '照合番号B（券面の番号）',
  'birth date': '生年月日',
  never: '開かない',
  'HPKI PIN': 'HPKIの暗証番号',
};

const pins: Record<ChamberPin['name'], string> = {
  auth: '利用者証明用の暗証番号',
  sign: '署名用のパスワード',
  text: '入力補助用の暗証番号',
  birthDate: '生年月日による照合',
  hpki: 'HPKIの暗証番号',
};

const purposes: Record<CertificatePurpose, string> = {
  jpkiAuthentication: '利用者証明用電子証明書',
  jpkiSignature: '署名用電子証明書',
  hpkiSignature: 'HPKI 署名用証明書',
  hpkiAuthentication: 'HPKI 認証用証明書',
};

const purposeHints: Record<CertificatePurpose, string> = {
  jpkiAuthentication: '本人であることを示します。氏名は入っていません。',
  jpkiSignature: '文書に署名します。氏名・住所が入っています。',
  hpkiSignature: '医療の国家資格とともに文書に署名します。',
  hpkiAuthentication: '医療の国家資格を持つ本人であることを示します。',
};

const usages: Record<KeyUsage, string> = {
  digitalSignature: '電子署名',
  nonRepudiation: '否認防止（文書への署名）',
  keyEncipherment: '鍵の暗号化',
  dataEncipherment: 'データの暗号化',
  keyAgreement: '鍵の共有',
  keyCertSign: '証明書の発行',
  cRLSign: '失効リストの発行',
  encipherOnly: '暗号化のみ',
  decipherOnly: '復号のみ',
};

const commandPurposes: Record<CommandPurpose, string> = {
  selectApplication: 'アプリケーションを選ぶ',
  selectFile: 'ファイルを選ぶ',
  read: '読み取る',
  askTries: '残り回数を聞く（減らない）',
  presentPin: '暗証番号を示す',
  sign: '署名させる',
  continueAnswer: '続きを受け取る',
  other: 'その他',
};

const knownApplications: Record<KnownApplication, string> = {
  drivingLicence: '運転免許証の形をしたカードです',
  passport: 'パスポートの形をしたカードです',
  payment: '支払い用のカードです',
};

const knownAuthorities: Record<KnownAuthority, string> = {
  jpkiAuthentication: '公的個人認証（利用者証明用）の認証局',
  jpkiSignature: '公的個人認証（署名用）の認証局',
  hpkiRoot: '厚生労働省 HPKI ルート認証局',
};

export const card = {
  title: 'カードの中身',
  lead: 'リーダーの上のカードを透かして見ます。暗証番号の回数は減りません。',
  empty: 'カードをリーダーに置いてください',
  emptyHint: 'マイナンバーカード、HPKIカード、ほかのICカードを見られます。',
  noReader: 'リーダーがありません',
  noReaderHint: 'リーダーをUSBにつなぎ、下のボタンで選んでください。',
  chooseReader: 'リーダーを選ぶ',
  reading: '読み取っています。カードを動かさないでください。',
  exchanged: (count: number) => `やり取り ${count}回`,
  again: '読み直す',
  cardAway: 'カードは外されました',
  failed: '読み取れませんでした',

  kinds: { mynumber: 'マイナンバーカード', hpki: 'HPKIカード', other: '別の種類のカード' },
  devices: {
    card: 'マイナンバーカード',
    'resident-card': '住民基本台帳カード',
    android: 'スマホ用電子証明書（Android）',
    iphone: 'スマホ用電子証明書（iPhone）',
    unknown: '公的個人認証を載せたもの',
  },
  deviceHints: {
    card: '証明書と、券面の事項が入っています。',
    'resident-card': '前の世代のカードです。',
    android: 'スマホの中の証明書です。暗証番号がないと証明書は読めず、券面の事項は入っていません。',
    iphone: 'スマホの中の証明書です。暗証番号がないと証明書は読めず、券面の事項は入っていません。',
    unknown: '入れ物の種類が知られていません。',
  },
  hpkiHint: '医療従事者の国家資格を証明するカードです。',
  layouts: {
    'iso7816-15': 'ファイルの配置はカード自身の目録から読みました。',
    jma: '目録のない日本医師会型のカードです。',
  },
  otherTitle: 'マイナンバーカードでもHPKIカードでもありません',
  otherUnknown: 'どのカードかは分かりません。応答（ATR）からの推測はしません。',
  otherHint: 'このアプリはこのカードから何も読みません。受付にはマイナンバーカードを置いてください。',
  knownApplications,

  xray: '透視図',
  applications,
  applicationHints,
  files,
  openers,
  states: { read: '誰でも読める', locked: '鍵がかかっている', key: 'カードから出ない' },
  openedBy: (names: string) => `開けるもの：${names}`,
  or: '、または',
  pins,
  tries: (count: number) => (count === 0 ? 'ロックされています' : `あと${count}回`),
  triesOf: (count: number, of: number) => (count === 0 ? 'ロックされています' : `あと${count}回（全${of}回）`),
  triesUnlimited: '回数の制限なし',
  eachTime: '署名のたびに暗証番号が要ります',
  counts: (read: number, locked: number) => `読める ${read} ・ 閉じている ${locked}`,

  certificates: '証明書',
  noCertificate: '暗証番号がないと読めません',
  absent: 'このカードには入っていません',
  purposes,
  purposeHints,
  otherCertificate: 'そのほかの証明書',
  path: '証明書のつながり',
  pathLabel: (names: string) => `証明書のつながり：${names}`,
  holder: '持ち主の証明書',
  signedBy: '署名を確かめました',
  signerUnknown: '署名した認証局はカードに入っていません',
  self: '自分で署名（起点）',
  knownAuthorities,
  known: '公開されている認証局と一致',
  claimed: 'カードの中の自称です。本物かどうかは、受付のときに中継センターが自分の鍵で確かめます。',
  genuineHint: '公開されている認証局の証明書と1バイトも違いません。失効していないかは中継センターが確かめます。',
  validity: '有効期間',
  validFrom: '始まり',
  validTo: '終わり',
  daysLeft: (days: number) => `あと${days.toLocaleString('ja-JP')}日`,
  expired: '期限切れ',
  notYet: 'まだ始まっていません',
  today: '今日',
  key: '鍵',
  keyOther: 'そのほかの種類',
  usage: '鍵の用途',
  usages,
  policy: 'ポリシー',
  worlds: { production: '本番', test: '試験用' },
  issuer: '発行者',
  role: '国家資格',
  name: '氏名',
  organisation: '所属',
  roleNone: '書かれていません',
  hidden: '証明書の番号は、法律が使い道を限っているため表示しません。',

  withPin: '暗証番号で読む',
  withPinHint: '入力補助用の暗証番号で開きます。読んだものは保存も送信もせず、カードを外すと消えます。',
  readAttributes: '氏名・住所などを読む',
  readMyNumber: '個人番号を読む',
  myNumberWarning: '個人番号は、法律が認める事務のほかに見ることも書き写すこともできません。',
  pinLabel: { attributes: '氏名・住所などを読みます', myNumber: '個人番号を読みます' },
  pinBlocked: 'ロックされているため読めません。市区町村の窓口で解除できます。',
  pinWorking: '読み取っています',
  pinClose: '表示を消す',
  address: '住所',
  birthDate: '生年月日',
  sex: '性別',
  sexes: { '1': '男性', '2': '女性' } as Readonly<Record<string, string>>,
  myNumber: '個人番号',

  dialogue: 'カードとのやり取り',
  dialogueHint: '送った命令（APDU）と、答えの長さと結果です。暗証番号と読んだ中身は写しません。',
  dialogueShow: (count: number) => `${count}回のやり取りを見る`,
  export: 'ファイルに保存する',
  columns: { purpose: '何を', command: '命令', answer: '答え' },
  answer: (bytes: number, sw: string) => (bytes === 0 ? sw : `${bytes} バイト ・ ${sw}`),
  noAnswer: '答えなし',
  redacted: '（暗証番号を含むため省略）',
  commandPurposes,
};
