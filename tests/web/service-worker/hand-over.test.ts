import { expect, it } from 'vitest';
import { handOver } from '../../../web/service-worker/hand-over.ts';

function createGateway(answers: readonly (number | Error)[]) {
  const posted: string[] = [];
  const post = (letter: string) => {
    const answer = answers[posted.push(letter) - 1] ?? 201;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const run = (letters: readonly string[]) => handOver({ readLetters: () => Promise.resolve(letters), post });
  return { posted, run };
}

it('posts every letter, oldest first, and a refused one does not hold up the others', async () => {
  const { posted, run } = createGateway([201, 422, 202]);
  await run(['a', 'b', 'c']);
  expect(posted).toEqual(['a', 'b', 'c']);
});

it('is to be tried again when nobody answers, or the gateway cannot', async () => {
  for (const failure of [new TypeError('Failed to fetch'), 503]) {
    const { posted, run } = createGateway([201, failure]);
    await expect(run(['a', 'b', 'c'])).rejects.toThrow(TypeError);
    expect(posted).toEqual(['a', 'b']);
  }
});

it('leaves the rest to a window when the terminal must sign in first', async () => {
  const { posted, run } = createGateway([401]);
  await run(['a', 'b']);
  expect(posted).toEqual(['a']);
});
