import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createForeignCard, createHpkiCard, createMyNumberCard } from './test-cards.ts';

const byte = (...values: number[]) => fc.oneof(fc.constantFrom(...values), fc.integer({ min: 0, max: 255 }));
const header = fc.tuple(
  byte(0x00, 0x80, 0x10, 0xf0),
  byte(0xa4, 0xb0, 0xb2, 0x20, 0x24, 0x22, 0x2a, 0x84),
  byte(0x00, 0x01, 0x02, 0x04, 0x41, 0x8a, 0x9e),
  byte(0x00, 0x0c, 0x80, 0x98, 0x96, 0x9a, 0xb6),
);
const body = fc.oneof(
  fc.constantFrom([], [0x00], [0x02, 0x00, 0x0a], [0x0a, 0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]),
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 280 }),
);
const command = fc.tuple(header, body).map((parts) => Uint8Array.from(parts.flat()));

it.each([
  ['My Number', createMyNumberCard],
  ['HPKI', createHpkiCard],
  ['foreign', createForeignCard],
])('a simulated %s card answers any command with a status word, and none with 6F00', async (_, create) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(command, fc.uint8Array({ maxLength: 12 })), { maxLength: 20 }),
      async (commands) => {
        const card = create();
        for (const bytes of commands) {
          const answer = await card.process(bytes);
          expect(answer.length).toBeGreaterThanOrEqual(2);
          expect([...answer.slice(-2)]).not.toEqual([0x6f, 0x00]);
        }
      },
    ),
    { numRuns: 100 },
  );
});
