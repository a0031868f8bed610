import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Prints what happened, and keeps what travelled as files. */
export interface Transcript {
  step(number: number, title: string): void;
  /** Something that travelled: its name, who signed it, its size; the content goes to a file when `file` is given. */
  travelled(what: string, content: string, facts: { readonly signedBy: string; readonly file?: string }): void;
  line(text: string): void;
  /** An artefact that did not travel. */
  keep(file: string, content: string): void;
}

export function createTranscript(folder: string, print: (line: string) => void): Transcript {
  mkdirSync(folder, { recursive: true });
  const keep = (file: string, content: string) =>
    writeFileSync(join(folder, file), content.endsWith('\n') ? content : `${content}\n`);
  return {
    step: (number, title) => print(`\n${number}. ${title}`),
    travelled(what, content, { signedBy, file }) {
      const size = `${Buffer.byteLength(content).toLocaleString('en')} bytes`;
      print(`   ${what.padEnd(34)} ${size.padStart(15)}   signed by ${signedBy}${file ? `   → ${file}` : ''}`);
      if (file) keep(file, content);
    },
    line: (text) => print(`   ${text}`),
    keep,
  };
}
