/** Resolves in a task of its own, before which the window may answer somebody; it draws only when nothing is left to do. */
export function nextTask(page: Window & Partial<Pick<typeof globalThis, 'scheduler'>>): Promise<void> {
  const { scheduler } = page;
  if (scheduler) return scheduler.postTask(() => {}, { priority: 'user-blocking' });
  return new Promise((resolve) => page.setTimeout(resolve));
}
