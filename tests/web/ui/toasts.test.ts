import { expect, it } from 'vitest';
import { Toasts } from '#lib/ui/toasts.svelte.ts';

function open() {
  const timers: { ms: number; work: () => void }[] = [];
  const toasts = new Toasts((work, ms) => timers.push({ ms, work }));
  return { toasts, passTime: () => timers.splice(0).forEach(({ work }) => work()) };
}

it('shows a line and takes it away', () => {
  const { toasts, passTime } = open();
  toasts.show({ text: 'a' });
  expect(toasts.list.map(({ text }) => text)).toEqual(['a']);
  passTime();
  expect(toasts.list).toEqual([]);
});

it('does a deed only when nobody took it back', () => {
  const { toasts, passTime } = open();
  const done: string[] = [];
  toasts.showUndoable({ text: 'a' }, () => done.push('a'));
  toasts.showUndoable(
    { text: 'b' },
    () => done.push('b'),
    () => done.push('b undone'),
  );
  toasts.list[1]?.undo?.();
  expect(done).toEqual(['b undone']);
  passTime();
  expect(done).toEqual(['b undone', 'a']);
});

it('cannot take back what is done', () => {
  const { toasts, passTime } = open();
  const done: string[] = [];
  toasts.showUndoable(
    { text: 'a' },
    () => done.push('done'),
    () => done.push('undone'),
  );
  const [toast] = toasts.list;
  passTime();
  toast?.undo?.();
  expect(done).toEqual(['done']);
});
