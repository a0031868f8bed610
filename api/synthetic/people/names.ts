import type { Random } from '../random.ts';

/** One part of a name in the three spellings that documents ask for. */
export interface NamePart {
  readonly kanji: string;
  /** Full-width katakana. */
  readonly kana: string;
  readonly romaji: string;
}

/** 姓 and 名. */
export interface SyntheticName {
  readonly family: NamePart;
  readonly given: NamePart;
}

const FAMILY = `
青空 アオゾラ Aozora|春野 ハルノ Haruno|月島 ツキシマ Tsukishima|若葉 ワカバ Wakaba|森川 モリカワ Morikawa|朝日 アサヒ Asahi
水瀬 ミナセ Minase|風間 カザマ Kazama|雪村 ユキムラ Yukimura|桜庭 サクラバ Sakuraba|星野 ホシノ Hoshino|浜辺 ハマベ Hamabe
野々山 ノノヤマ Nonoyama|糸井 イトイ Itoi|海老原 エビハラ Ebihara|小鳥遊 タカナシ Takanashi|竹下 タケシタ Takeshita|白石 シライシ Shiraishi`;
const GIVEN_FEMALE = `
花子 ハナコ Hanako|恵美 エミ Emi|千代 チヨ Chiyo|さくら サクラ Sakura|由紀子 ユキコ Yukiko|美月 ミヅキ Mizuki
和江 カズエ Kazue|明日香 アスカ Asuka|ふみ フミ Fumi|真理 マリ Mari`;
const GIVEN_MALE = `
太郎 タロウ Taro|健一 ケンイチ Kenichi|翔 ショウ Sho|正雄 マサオ Masao|大輔 ダイスケ Daisuke|陽斗 ハルト Haruto
茂 シゲル Shigeru|直樹 ナオキ Naoki|亮 リョウ Ryo|弘 ヒロシ Hiroshi`;

function parseParts(table: string): readonly NamePart[] {
  return table
    .trim()
    .split(/[|\n]/)
    .map((entry) => {
      const [kanji = '', kana = '', romaji = ''] = entry.split(' ');
      return { kanji, kana, romaji };
    });
}

/** Deals the next name. */
export type DealName = (sex: 'male' | 'female') => SyntheticName;

/** Gives out names, no family name and no given name twice until all were used. */
export function createNames(random: Random): DealName {
  const decks = {
    family: random.shuffle(parseParts(FAMILY)),
    female: random.shuffle(parseParts(GIVEN_FEMALE)),
    male: random.shuffle(parseParts(GIVEN_MALE)),
  };
  const dealt = { family: 0, female: 0, male: 0 };
  function deal(deck: keyof typeof decks): NamePart {
    const cards = decks[deck];
    const card = cards[dealt[deck]++ % cards.length];
    if (!card) throw new RangeError('no names');
    return card;
  }
  return (sex) => ({ family: deal('family'), given: deal(sex) });
}
