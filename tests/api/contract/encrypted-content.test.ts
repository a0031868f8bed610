import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptContent, encryptContent, encryptedLength } from '#api/contract/encrypted-content.ts';
import { encodeBase64Url, parseBase64Url } from '#api/contract/encoding.ts';

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}
const text = async (body: string, key: string) =>
  new TextDecoder().decode(await joined(decryptContent([parseBase64Url(body)], parseBase64Url(key))));

describe('RFC 8188', () => {
  // §3.1, §3.2, copied by hand.
  const SIMPLE = 'I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg';
  const SIMPLE_KEY = 'yqdlZ-tYemfogSmv7Ws5PQ';
  const PADDED = 'uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA';
  const PADDED_KEY = 'BO3ZVPxUlnLORbVGMpbT1Q';

  it('§3.1: one record', async () => {
    expect(await text(SIMPLE, SIMPLE_KEY)).toBe('I am the walrus');
  });

  it('§3.2: two records, padding and a key id', async () => {
    expect(await text(PADDED, PADDED_KEY)).toBe('I am the walrus');
  });

  it('§3.1: gives the same bytes for the same salt', async () => {
    const salt = parseBase64Url(SIMPLE).slice(0, 16);
    const key = { secret: parseBase64Url(SIMPLE_KEY), salt };
    const made = await joined(encryptContent(new TextEncoder().encode('I am the walrus'), key, 4096));
    expect(encodeBase64Url(made)).toBe(SIMPLE);
  });
});

it('comes back whole, however it is cut on the way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 18, max: 100 }),
      fc.integer({ min: 1, max: 90 }),
      async (plain, recordSize, cut) => {
        const key = { secret: new Uint8Array(32).fill(7), salt: new Uint8Array(16).fill(9) };
        const whole = await joined(encryptContent(plain, key, recordSize));
        expect(whole).toHaveLength(encryptedLength(plain.length, recordSize));
        const pieces = Array.from({ length: Math.ceil(whole.length / cut) }, (_, i) =>
          whole.subarray(i * cut, (i + 1) * cut),
        );
        expect(await joined(decryptContent(pieces, key.secret))).toEqual(new Uint8Array(plain));
      },
    ),
    { numRuns: 40 },
  );
});

it('that was cut, joined, moved or changed does not open', async () => {
  const key = { secret: new Uint8Array(32).fill(1), salt: new Uint8Array(16).fill(2) };
  const whole = await joined(encryptContent(new Uint8Array(100), key, 42));
  const [head, first, second, rest] = [0, 21, 63, 105].map((at, i) => whole.slice(at, [21, 63, 105, 1000][i]));
  const join = (...parts: readonly (Uint8Array | undefined)[]) => Buffer.concat(parts.map((part) => part!));
  const wrong = [
    whole.subarray(0, -1),
    join(head, first),
    join(head, second, first, rest),
    join(head, first, first, second, rest),
    join(whole, first),
    whole.with(30, (whole[30] ?? 0) ^ 1),
    whole.with(5, (whole[5] ?? 0) ^ 1),
    head!,
    new Uint8Array(),
  ];
  for (const body of wrong) {
    await expect(joined(decryptContent([body], key.secret))).rejects.toMatchObject({ code: 'content_malformed' });
  }
});
