import { openSqlite } from '#api/storage/sqlite/database.ts';

const FAMILIES =
  '佐藤サトウ 鈴木スズキ 高橋タカハシ 田中タナカ 渡辺ワタナベ 伊藤イトウ 山本ヤマモト 中村ナカムラ 小林コバヤシ 加藤カトウ';
const GIVEN =
  '結衣ユイ 蓮レン 陽葵ヒマリ 湊ミナト 花子ハナコ 太郎タロウ 美咲ミサキ 大輔ダイスケ 恵ケイ 翔ショウ 涼リョウ';
const DAYS_MS = 13 * 24 * 60 * 60 * 1000;

/** A name before its kana, parted where katakana begins. */
const split = (words: string) => words.split(' ').map((word) => /^(.+?)([ァ-ヶ]+)$/.exec(word) ?? ['', word, '']);

const INSERT = `INSERT INTO gateway_visit (submission_id, visit_id, submission_hash, state, presented_at, received_at,
  accepted_at, person, coverage, record, receipt, cosignatures, subject)
  VALUES (?, ?, '', 'recorded', ?, ?, ?, ?, '{"status":"unchecked"}', 'e30.e30.AA', ?, 99, ?)`;

/**
 * Writes made-up visits of the last thirteen days into a gateway's database, as if the exchange had answered them all.
 * A third of the people came twice.
 */
export async function writeVisits(path: string, count: number, now: Date): Promise<void> {
  const [families, given] = [split(FAMILIES), split(GIVEN)];
  const receipt = JSON.stringify({
    ...{ version: 1, record: 'e30.e30.AA', salt: 'A'.repeat(43), proof: 'proof', timestamp: 'AAAA' },
  });
  const database = openSqlite(path, []);
  const insert = database.connection.prepare<[string, string, number, number, number, string, string, string]>(INSERT);
  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
  await database.write(() => {
    for (let index = 0; index < count; index++) {
      const at = now.getTime() - Math.round((DAYS_MS * index) / count);
      const number = index.toString(16).padStart(12, '0');
      const somebody = Math.floor(index * 0.75);
      const [family, first] = [pick(families, somebody), pick(given, Math.floor(somebody / families.length))];
      const subject = somebody.toString(36).padStart(43, 'A');
      const person = JSON.stringify({
        subject,
        name: `${family[1]}\u3000${first[1]}`,
        kana: `${family[2]}\u3000${first[2]}`,
        birthDate: new Date(Date.UTC(1930, 0, 1 + (somebody % 30_000))).toISOString().slice(0, 10),
        sex: somebody % 2 === 0 ? 'female' : 'male',
      });
      const [submission, visit] = [`019ab000-0000-7000-8000-${number}`, `019ab000-0000-7000-9000-${number}`];
      insert.run(submission, visit, at, at, at, person, receipt, subject);
    }
  });
  await database.close();
}
