import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { encodeCompactReceipt } from '#api/contract/evidence/compact-receipt.ts';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { checkEvidence } from '#lib/verify/check-evidence.ts';
import { drawQr } from '#lib/verify/draw-qr.ts';
import { readQr, type Pixels } from '#lib/verify/read-qr.ts';
import { issueReceipt } from '../../api/contract-evidence/receipt-fixture.ts';

/** Draws the path that the page draws, by its own commands: `M x y h width v1 h-width z`. */
function draw(text: string): { readonly size: number; readonly isDark: (x: number, y: number) => boolean } {
  const { size, path } = drawQr(text);
  const dark = new Uint8Array(size * size);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const begin = Number(y) * size + Number(x);
    dark.fill(1, begin, begin + Number(width));
  }
  return { size, isDark: (x, y) => dark[y * size + x] === 1 };
}

/** The picture at so many pixels a module, each pixel the mean of what it covers, as a screen or a printer shows it. */
function render(text: string, scale: number): Pixels {
  const { size, isDark } = draw(text);
  const side = Math.floor(size * scale);
  const data = new Uint8ClampedArray(side * side * 4);
  const SAMPLES = 2;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      let light = 0;
      for (let n = 0; n < SAMPLES * SAMPLES; n += 1) {
        const at = (pixel: number, step: number) => Math.floor((pixel + (step + 0.5) / SAMPLES) / scale);
        if (!isDark(at(x, n % SAMPLES), at(y, Math.floor(n / SAMPLES)))) light += 255;
      }
      const value = light / (SAMPLES * SAMPLES);
      data.set([value, value, value, 255], (y * side + x) * 4);
    }
  }
  return { width: side, height: side, data };
}

/** Turned by a right angle, as a sheet may lie. */
function turn({ width, height, data }: Pixels): Pixels {
  const turned = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      turned.set(data.subarray(from, from + 4), (x * height + (height - 1 - y)) * 4);
    }
  }
  return { width: height, height: width, data: turned };
}

describe('the QR code of a receipt', () => {
  it.each([3, 4.4])('scans at %d pixels a module, by two decoders, and is the receipt', async (scale) => {
    const { receipt, trust } = await issueReceipt();
    const text = await encodeCompactReceipt(receipt);
    const picture = render(text, scale);
    expect(readQr(picture, 'picture')).toBe(text);
    expect(readQr(turn(picture), 'picture')).toBe(text);
    // The other decoder thresholds by blocks and misses some codes at some sizes, as a camera does in some frames.
    const frames = [scale, scale + 0.3, scale + 0.7].map((each) => render(text, each));
    const other = frames
      .map(({ data, width, height }) => jsQR(new Uint8ClampedArray(data), width, height))
      .find(Boolean);
    expect(other?.data).toBe(text);
    const { result, receipt: found } = await checkEvidence(encodeUtf8(other?.data ?? ''), trust);
    expect([result.kind, result.verdict.ok, found]).toEqual(['receipt', true, receipt]);
  });

  it('keeps a quiet zone of four modules', () => {
    const { size, isDark } = draw('TSUNAGI1:');
    const isQuiet = (at: number) =>
      Array.from({ length: size }, (_, n) => n).every((n) => !isDark(n, at) && !isDark(at, n));
    expect([0, 1, 2, 3, size - 1, size - 4].map(isQuiet)).toEqual([true, true, true, true, true, true]);
    expect([isQuiet(4), isDark(4, 4)]).toEqual([false, true]);
  });

  it('is not read out of a picture without one', () => {
    const grey = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(128) };
    expect(readQr(grey, 'frame')).toBeUndefined();
  });
});
