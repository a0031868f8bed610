import type { StaffRole } from '#api/contract/staff-person.ts';
import type { PasskeyErrorCode } from '#lib/staff/passkey-error.ts';
import type { Absence } from '#lib/staff/staff.svelte.ts';

const roles: Record<StaffRole, string> = {
  reception: '受付',
  nurse: '看護師',
  doctor: '医師',
  records: '診療記録',
  administrator: '管理者',
  operator: '運用',
  auditor: '監査',
};

const titles: Record<Absence, string> = {
  nobody: 'サインイン',
  locked: 'ロックしました',
  idle: 'しばらく操作がなかったためロックしました',
  ended: 'もう一度サインインしてください',
};

const passkeyErrors: Record<PasskeyErrorCode, string> = {
  passkey_cancelled: 'パスキーの操作が終わりませんでした。もう一度お試しください。',
  passkey_unsupported: 'このアドレスまたはブラウザーではパスキーを使えません。',
  passkey_failed: 'パスキーを使えませんでした。もう一度お試しください。',
  offline_sign_in_unknown:
    'オフラインでは、この端末で使ったことのある方だけがサインインできます。受付はサインインなしで続けられます。',
  passphrase_wrong: '合言葉が違います。',
};

export const staff = {
  roles,
  roleNames: (names: readonly string[]) => names.join('・'),
  titles,
  passkeyErrors,
  hint: 'お名前を選び、パスキー（指紋・顔・暗証番号）で確かめます。',
  lockedHint: '画面はそのまま残してあります。同じ方がサインインすると続きから使えます。',
  forRoom: (room: string) => `「${room}」はサインインすると使えます。`,
  roleMissing: (room: string) => `「${room}」はあなたの役割では使えません。`,
  recent: '最近この端末を使った方',
  withPasskey: 'パスキーでサインイン',
  somebodyElse: 'ほかの方のパスキーでサインイン',
  forget: (name: string) => `${name}さんを一覧から外す`,
  noPasskeys: 'パスキーには名前の付いたアドレス（https://… または localhost）が必要です。',
  simulated: '模擬サインイン（体験用）',
  simulatedHint: 'パスキーの代わりです。押すだけで、その人としてサインインします。体験版にだけあります。',
  everyRole: 'すべての役割',
  invitation: '招待コードをお持ちの方',
  invitationHint: '管理者から受け取った8文字のコードです。この端末にあなたのパスキーを作ります。',
  code: '招待コード',
  makePasskey: 'パスキーを作る',
  offline: 'オフラインです。この端末で使ったことのある方は、サインインできます。',
  toReception: '受付を続ける',
  switchPerson: 'ほかの方に替わる',
  copies: {
    title: 'この端末の写しを開く',
    lead: 'あなたの写しは合言葉で守られています。開くと、ネットワークがなくても今日の受付と最近の結果を読めます。',
    offlineLead: (name: string) => `オフラインです。${name}さんの合言葉でサインインできます。`,
    passphrase: '合言葉',
    open: '開く',
    without: '開かずに続ける',
  },
};
