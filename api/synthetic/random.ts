import { digest } from '../contract/encoding.ts';

/** A sequence of numbers that a seed determines. For people that can be found again; never for keys. */
export interface Random {
  /** 0 inclusive to 1 exclusive. */
  next(): number;
  /** A whole number, both ends inclusive. */
  integer(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
  shuffle<T>(items: readonly T[]): readonly T[];
  digits(count: number): string;
}

/** xoshiro128** (Blackman and Vigna, 2018), its state filled with the SHA-256 of the seed. */
export function createRandom(seed: string): Random {
  const state = new Uint32Array(digest(seed).buffer.slice(0, 16));
  const at = (i: number): number => state[i] ?? 0;
  const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

  function next(): number {
    const result = Math.imul(rotate(Math.imul(at(1), 5), 7), 9) >>> 0;
    const shifted = at(1) << 9;
    state[2] = at(2) ^ at(0);
    state[3] = at(3) ^ at(1);
    state[1] = at(1) ^ at(2);
    state[0] = at(0) ^ at(3);
    state[2] = at(2) ^ shifted;
    state[3] = rotate(at(3), 11);
    return result / 0x1_0000_0000;
  }

  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));

  function pick<T>(choices: readonly T[]): T {
    const choice = choices[integer(0, choices.length - 1)];
    if (choice === undefined) throw new RangeError('no choice');
    return choice;
  }

  return {
    next,
    integer,
    pick,
    shuffle: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item),
    digits: (count) => Array.from({ length: count }, () => integer(0, 9)).join(''),
  };
}
