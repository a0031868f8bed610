import { expect, it } from 'vitest';
import { Preferences } from '#lib/app/preferences.svelte.ts';
import { createMemoryPreferences } from '../kept-in-memory.ts';

it.each([
  [['ja-JP', 'en'], 'ja'],
  [['en-US', 'ja'], 'ja'],
  [['en-GB'], 'en'],
  [['fr'], 'en'],
  [[], 'ja'],
])('speaks Japanese to whoever reads it: %j', (languages, expected) => {
  expect(new Preferences(createMemoryPreferences(), languages).language).toBe(expected);
});

it('keeps every change at once', () => {
  const store = createMemoryPreferences();
  new Preferences(store, []).change({
    theme: 'dark',
    isContrastHigh: true,
    holdingHand: 'right',
    isTapAutomatic: false,
  });
  expect(new Preferences(store, [])).toMatchObject({
    theme: 'dark',
    isContrastHigh: true,
    holdingHand: 'right',
    isTapAutomatic: false,
  });
});

it.each(['', '{', 'null', '7', '{"theme":"purple","language":3,"holdingHand":"third"}'])(
  'starts from the defaults when %j is kept',
  (text) => {
    const preferences = new Preferences(createMemoryPreferences({ 'tsunagi.preferences': text }), ['ja']);
    expect(preferences).toMatchObject({
      language: 'ja',
      theme: 'system',
      isContrastHigh: false,
      holdingHand: 'left',
      isTapAutomatic: true,
      isSoundOn: false,
    });
  },
);
