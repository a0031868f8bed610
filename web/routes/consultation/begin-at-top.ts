/** Another view took the place of the last one: it begins at its top, and the keyboard goes on from there. */
export function beginAtTop(): void {
  const content = document.getElementById('content');
  content?.scrollTo({ top: 0 });
  content?.focus({ preventScroll: true });
}
