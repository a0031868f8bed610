import { readFileSync } from 'node:fs';

/** What a file that somebody named holds. @throws {RangeError} in one line: no such file, or no JSON in it */
export function readJson(path: string | URL): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RangeError(`${String(path)} cannot be read`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RangeError(`${String(path)} holds no JSON`, { cause });
  }
}
