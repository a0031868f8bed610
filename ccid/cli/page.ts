/** Where a command writes: lines for people, or objects for programs; whichever was not asked for is dropped. */
export interface Page {
  readonly say: (line: string) => void;
  readonly tell: (object: object) => void;
}

/** Label and words in two columns. */
export function sayAll(page: Page, lines: readonly (readonly [string, string])[], indent = '   '): void {
  for (const [label, words] of lines) page.say(`${indent}${label.padEnd(11)} ${words}`);
}
