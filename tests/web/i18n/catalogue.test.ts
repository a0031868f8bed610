import { describe, expect, it } from 'vitest';
import { CardError, CARD_ERROR_CODES } from 'webusb-ccid';
import { Problem, PROBLEM_CODES } from '#api/contract/problem.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { enRooms } from '#lib/i18n/en-rooms.ts';
import { en as enFirst } from '#lib/i18n/en.ts';
import { failureCode, failureSentence } from '#lib/i18n/failure-sentence.ts';
import type { Language } from '#lib/i18n/language.ts';
import { I18n } from '#lib/i18n/i18n.svelte.ts';
import { jaRooms } from '#lib/i18n/ja-rooms.ts';
import { ja as jaFirst } from '#lib/i18n/ja.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';

const ja = { ...jaFirst, ...jaRooms };
const en = { ...enFirst, ...enRooms };

/** Every text of a catalogue with its path; functions are asked with harmless arguments. */
function texts(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => texts(part, `${path}.${name}`));
}

const MAY_BE_EMPTY = ['.reception.coverageHints.valid', '.reception.honorific'];

describe.each([
  ['ja', ja],
  ['en', en],
])('the %s catalogue', (_, catalogue) => {
  it('leaves nothing unsaid', () => {
    const empty = texts(catalogue).filter(([path, text]) => text === '' && !MAY_BE_EMPTY.includes(path));
    expect(empty).toEqual([]);
  });

  it('has a sentence of its own for each refusal', () => {
    const sentences = [...Object.values(catalogue.problems), ...Object.values(catalogue.cardErrors)];
    expect(Object.keys(catalogue.problems)).toHaveLength(PROBLEM_CODES.length);
    expect(Object.keys(catalogue.cardErrors)).toHaveLength(CARD_ERROR_CODES.length);
    expect(sentences.every((sentence) => /[。.]$/.test(sentence))).toBe(true);
  });
});

it('holds no Japanese in English', () => {
  expect(texts(en).filter(([, text]) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text))).toEqual([]);
});

it('writes no half-width kana', () => {
  expect(texts(ja).filter(([, text]) => /[\uff61-\uff9f]/.test(text))).toEqual([]);
});

describe('a failure', () => {
  it.each([
    [new Problem('presence_replayed', ''), ja.problems.presence_replayed],
    [new Problem('presence_replayed', '').toDocument(), ja.problems.presence_replayed],
    [new CardError('card_gone', ''), ja.cardErrors.card_gone],
    [new ApiError('network_timeout', ''), ja.clientErrors.network_timeout],
    [new OfflineError('storage_full', ''), ja.offlineErrors.storage_full],
    ['card_absent', ja.cardErrors.card_absent],
    [new RangeError('a fault of ours'), ja.clientErrors.unexpected],
    [undefined, ja.clientErrors.unexpected],
  ])('has its sentence', (error, sentence) => {
    expect(failureSentence(ja, error)).toBe(sentence);
  });

  it('of a card is told apart from one of a server that has the same code', () => {
    expect(failureSentence(ja, new CardError('not_found', ''))).toBe(ja.cardErrors.not_found);
    expect(failureSentence(ja, new Problem('not_found', ''))).toBe(ja.problems.not_found);
    expect(failureCode(new CardError('not_found', ''))).toBe('not_found');
  });
});

const loaders = {
  first: (language: Language) => Promise.resolve(language === 'ja' ? jaFirst : enFirst),
  rooms: (language: Language) => Promise.resolve(language === 'ja' ? jaRooms : enRooms),
};

it('changes language once the other catalogue is there', async () => {
  const i18n = await I18n.create('ja', loaders);
  expect([i18n.language, i18n.t.common.close, i18n.name({ ja: '東', en: 'East' })]).toEqual(['ja', '閉じる', '東']);
  await i18n.change('en');
  expect([i18n.language, i18n.t.common.close, i18n.name({ ja: '東', en: 'East' })]).toEqual(['en', 'Close', 'East']);
});

it('brings the words of the rooms when they are asked for, and along with every later language', async () => {
  const i18n = await I18n.create('ja', loaders);
  await i18n.loadRooms();
  expect(i18n.t.verify.title).toBe('検証');
  await i18n.change('en');
  expect(i18n.t.verify.title).toBe('Verify');
});
