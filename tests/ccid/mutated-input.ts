import { describe, expect, it } from 'vitest';
import { CardError } from '../../ccid/errors.ts';

/** `MUTATED_INPUTS=1000000 npx vitest run tests/ccid/protocol/mutated-input.test.ts …/cards/mutated-records.test.ts` is the long run. */
const RUNS = Number(process.env.MUTATED_INPUTS ?? 5000);

/** A parser, and an input that it accepts. */
export interface Parser {
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly seed: Uint8Array;
}

/**
 * Each parser takes or refuses whatever becomes of its seed, and looks at nothing behind the end. Refusing is a RangeError
 * or a CardError.
 */
export function describeMutations(parsers: Readonly<Record<string, Parser>>): void {
  describe.each(Object.entries(parsers))('%s', (name, { parse, seed }) => {
    it('accepts its seed', () => expect(outcome(parse, seed)).not.toMatch(/^refused/));

    it(`accepts or refuses ${RUNS} mutated inputs, and looks at nothing else`, { timeout: 1_800_000 }, () => {
      const below = sequence(name.length * 7919 + 1);
      for (let run = 0; run < RUNS; run++) {
        const mutated = mutate(seed, below);
        // The same bytes inside a larger buffer: reading past their end would show in the result.
        const room = new Uint8Array(mutated.length + 64).fill(0xff);
        room.set(mutated, 32);
        const [alone, inside] = [outcome(parse, mutated), outcome(parse, room.subarray(32, 32 + mutated.length))];
        if (alone !== inside) expect(inside, `run ${run}`).toBe(alone);
      }
    });
  });
}

/** A generator of numbers below 2³² that is the same in every run (xorshift32). */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(seed: Uint8Array, below: (limit: number) => number): Uint8Array {
  let bytes = [...seed];
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length + 1);
    switch (below(5)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        bytes[at] = below(256);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes.splice(at, 0, ...Array.from({ length: 1 + below(8) }, () => below(256)));
        break;
      default:
        bytes.splice(at, 1 + below(4));
    }
  }
  return Uint8Array.from(bytes);
}

function outcome(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string {
  try {
    return (
      JSON.stringify(parse(bytes), (_, value: unknown) => (value instanceof Uint8Array ? [...value].join() : value)) ??
      ''
    );
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof CardError)) throw error;
    return `refused: ${error.message}`;
  }
}
