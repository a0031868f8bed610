/** Resolves in a task of its own, before which the window may answer somebody or draw. */
export function nextTask(page: Window & Partial<Pick<typeof globalThis, 'scheduler'>>): Promise<void> {
  return page.scheduler?.yield?.() ?? new Promise((resolve) => page.setTimeout(resolve));
}
