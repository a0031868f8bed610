/** Hands bytes to the person as a file. They go nowhere else, and are never opened in this window. */
export function saveBytes(name: string, type: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download holds its own reference; a moment later the page's may go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
