import type { CardNote } from '#lib/simulated/demo-cards.ts';

const notes: Record<CardNote, string> = {
  insurance_expired: '保険切れ',
  certificate_revoked: '証明書失効',
  card_not_enrolled: '未登録',
  doctor: '医師',
  pharmacist: '薬剤師',
  nurse: '看護師',
};

export const simulation = {
  title: '模擬リーダーとカード',
  mark: '模擬',
  hint: 'カードを押すと、模擬リーダーに置けます。暗証番号は 1234、HPKIは 123456 です。',
  readerName: '模擬カードリーダー',
  profiles: { mynumber: 'マイナンバーカード', hpki: 'HPKIカード', foreign: '別のカード' },
  notes,
  laid: '置いてあります',
  takeOff: '外す',
  show: 'カードを出す',
  hide: 'しまう',
  cardsMissing: '模擬カードを読み込めませんでした。',
  pull: '途中でカードを離す',
  replay: '前の証明を再送する',
  replayNothing: 'まだ送った証明がありません。',
  replayed: '前と同じ証明を送りました。',
};
