import { randomInt } from 'node:crypto';
import { digestBase64Url } from '../contract/encoding.ts';

/** What is not mistaken for something else when it is read aloud or off a screen. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 8;

/** Eight characters, 39.6 bits: enough where codes die in a day and wrong ones are counted. Written as `ABCD-2345`. */
export function createCode(): string {
  const text = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

/** What somebody typed, as it is compared: without spaces and dashes, in capitals; `undefined` when it can be no code. */
export function readCode(typed: string): string | undefined {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '');
  return text.length === LENGTH && [...text].every((letter) => LETTERS.includes(letter)) ? text : undefined;
}

/** How a code is stored: whoever reads the database while it lives has 2^39 guesses before them. @param code from `readCode` */
export const hashCode = (code: string): string => digestBase64Url(`tsunagi-code/v1 ${code}`);
