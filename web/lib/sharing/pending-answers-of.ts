import { useApp, type App } from '#lib/app/app.ts';
import { PendingAnswers } from './pending-answers.svelte.ts';

const kept = new WeakMap<App, { readonly answers: PendingAnswers; onAnswered: () => void }>();

/**
 * The answers of this window. They outlive the room: whoever goes to another one can still undo, and what was decided is
 * still sent. Call it while a component is set up.
 */
export function usePendingAnswers(onAnswered: () => void): PendingAnswers {
  const app = useApp();
  let entry = kept.get(app);
  if (!entry) {
    const { gateway, toasts } = app;
    const answers = new PendingAnswers({ gateway, toasts, onAnswered: () => kept.get(app)?.onAnswered() });
    kept.set(app, (entry = { answers, onAnswered }));
  }
  entry.onAnswered = onAnswered;
  return entry.answers;
}
