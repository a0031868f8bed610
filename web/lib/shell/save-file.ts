/** Hands a text or bytes to the person as a file. It goes nowhere else. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download holds its own reference; a moment later the page's may go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
