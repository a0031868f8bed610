import { dirname, join, normalize } from 'node:path';

/** What a file of pinned keys is called where nobody says otherwise. */
export const TRUST_NAME = 'tsunagi-trust.json';
/** Where the demonstration network leaves its own. */
const DATA_FOLDER = 'data';

/** Where pinned keys are looked for: in the current folder, beside the evidence, in the data folder. */
export const placesOfTrust = (evidence: string): readonly string[] => [
  ...new Set([TRUST_NAME, join(dirname(evidence), TRUST_NAME), join(DATA_FOLDER, TRUST_NAME)].map(normalize)),
];

/** The first file of these that can be read, with its text. */
export async function readFirst(
  places: readonly string[],
  readText: (file: string) => Promise<string>,
): Promise<{ readonly file: string; readonly text: string } | undefined> {
  for (const file of places) {
    const text = await readText(file).catch(() => undefined);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}
