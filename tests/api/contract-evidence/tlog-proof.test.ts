import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../../api/contract/encoding.ts';
import { parseSignedCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { encodeTlogProof, parseTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';

const SIGNATURE = encodeBase64(new Uint8Array(68).fill(1));
const CHECKPOINT =
  `example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n` +
  `— example.com/fancylog ${SIGNATURE}\n— witness1.example ${SIGNATURE}\n`;

/** The layout of C2SP tlog-proof's example, its abridged signatures filled in. */
const PROOF =
  'c2sp.org/tlog-proof@v1\nextra AAEC\nindex 73894\n' +
  'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\nB95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n\n' +
  CHECKPOINT;

describe('tlog-proof', () => {
  it('keeps the bytes of the specification’s layout', () => {
    const proof = parseTlogProof(PROOF);
    expect(proof).toMatchObject({ index: 73894, extra: Uint8Array.of(0, 1, 2) });
    expect(proof.signedCheckpoint.checkpoint).toMatchObject({ origin: 'example.com/fancylog', size: 109482 });
    expect(encodeTlogProof(proof)).toBe(PROOF);
  });

  it('keeps what it was given, with and without extra data, down to a tree of one leaf', () => {
    const signedCheckpoint = parseSignedCheckpoint(CHECKPOINT);
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const arbitrary = fc.record(
      { index: fc.maxSafeNat(), hashes: fc.array(hash, { maxLength: 63 }), extra: fc.uint8Array() },
      { requiredKeys: ['index', 'hashes'] },
    );
    fc.assert(
      fc.property(arbitrary, (parts) => {
        const proof = { ...parts, signedCheckpoint };
        expect(parseTlogProof(encodeTlogProof(proof))).toEqual(proof);
      }),
    );
  });

  it.each([
    ['another format', PROOF.replace('@v1', '@v2')],
    ['no index', PROOF.replace('index 73894\n', '')],
    ['a leading zero', PROOF.replace('73894', '073894')],
    ['a negative index', PROOF.replace('73894', '-1')],
    ['a long hash', PROOF.replace('gSKyXoYZ', 'gSKyXoYZgSKyXoYZ')],
    ['extra data after the index', PROOF.replace('extra AAEC\nindex 73894', 'index 73894\nextra AAEC')],
    ['extra data that is no base64', PROOF.replace('AAEC', 'AAE')],
    [
      'a path longer than any tree',
      PROOF.replace('gSKyXoYZ', `${encodeBase64(new Uint8Array(32))}\n`.repeat(63) + 'gSKyXoYZ'),
    ],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(() => parseTlogProof(text)).toThrow(expect.objectContaining({ code: 'proof_malformed' }));
  });

  it('refuses a proof without its checkpoint', () => {
    expect(() => parseTlogProof(PROOF.slice(0, PROOF.indexOf('\n\n') + 2))).toThrow(
      expect.objectContaining({ code: 'note_malformed' }),
    );
  });
});
