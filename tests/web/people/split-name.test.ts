import { expect, it } from 'vitest';
import { splitName } from '#lib/people/split-name.ts';

it.each([
  ['野々山 美月', 'ノノヤマ ミヅキ'],
  ['野々山　美月', 'ノノヤマ　ミヅキ'],
])('puts each reading over its part: %s', (name, kana) => {
  expect(splitName({ name, kana })).toEqual([
    { name: '野々山', kana: 'ノノヤマ' },
    { name: '美月', kana: 'ミヅキ' },
  ]);
});

it('keeps a reading that does not split alike over the whole', () => {
  expect(splitName({ name: '勅使河原 ヴィクトリア 恵子', kana: 'テシガワラ ケイコ' })).toEqual([
    { name: '勅使河原 ヴィクトリア 恵子', kana: 'テシガワラ ケイコ' },
  ]);
  expect(splitName({ name: '山田 太郎', kana: '' })).toEqual([{ name: '山田 太郎', kana: '' }]);
});
