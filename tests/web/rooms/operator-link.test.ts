import { expect, it } from 'vitest';
import { takeOperatorLink } from '../../../web/routes/exchange/operator-link.ts';

function openPage(hash: string) {
  const visited: unknown[] = [];
  const history = { state: { entry: 1 }, replaceState: (...call: unknown[]) => void visited.push(call) };
  return { page: { location: { hash, pathname: '/exchange', search: '?lang=en' }, history }, visited };
}

it('takes the link of an operator out of the address', () => {
  const { page, visited } = openPage('#operator=a.b.c');
  expect(takeOperatorLink(page)).toBe('a.b.c');
  expect(visited).toEqual([[{ entry: 1 }, '', '/exchange?lang=en']]);
});

it('leaves other addresses alone', () => {
  const { page, visited } = openPage('#witnesses');
  expect(takeOperatorLink(page)).toBeUndefined();
  expect(visited).toEqual([]);
});
