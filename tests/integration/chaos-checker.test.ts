import { describe, expect, it } from 'vitest';
import { checkLogs, type Logs } from '../chaos/checker.ts';
import { encodeLetter } from '../chaos/letter.ts';
import { createSeededRandom } from '../chaos/seeded-random.ts';

const letter = (place: number, conversation = 'c') => encodeLetter({ name: `a ${place}`, conversation, place });
const sent = (place: number, state: string | null = 'acknowledged') => ({
  ...{ envelope: `e${place}`, letter: letter(place), state },
});
const received = (place: number) => ({ envelope: `e${place}`, letter: letter(place) });
const check = (a: Partial<Logs>, b: Partial<Logs>) =>
  checkLogs([
    { gateway: 'a', sent: [], received: [], ...a },
    { gateway: 'b', sent: [], received: [], ...b },
  ]);

describe('the checker of a chaos run', () => {
  it('finds nothing where every letter arrived once or was reported', () => {
    const found = check(
      { sent: [sent(0), sent(1, 'expired'), sent(2, 'refused'), sent(3)] },
      { received: [received(0), received(3)] },
    );
    expect(found).toEqual({ sent: 4, delivered: 2, expired: 1, refused: 1, broken: [] });
  });

  it.each([
    ['lost', [sent(0)], []],
    ['delivered twice', [sent(0)], [received(0), received(0)]],
    ['reported as expired and delivered', [sent(0, 'expired')], [received(0)]],
    ['reported as refused and delivered', [sent(0, 'refused')], [received(0)]],
    ['not finished', [sent(0, 'forwarded')], []],
    ['never accepted', [sent(0, null)], []],
    ['written twice', [sent(0), { ...sent(0), envelope: 'e9' }], [received(0), { ...received(0), envelope: 'e9' }]],
    ['from nobody', [], [received(7)]],
    ['overtaken', [sent(0), sent(1)], [received(1), received(0)]],
  ])('finds a letter that was %s', (_name, sentByA, receivedByB) => {
    expect(check({ sent: sentByA }, { received: receivedByB }).broken.length).toBeGreaterThan(0);
  });
});

it('plans the same troubles from the same seed', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, createSeededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7).every((number) => number >= 0 && number < 1)).toBe(true);
});
