import encodeQR from 'qr';

/** A QR code as an SVG path; one unit is one module. */
export interface QrDrawing {
  /** Modules a side, the quiet zone of four included (ISO/IEC 18004 §9.1). */
  readonly size: number;
  readonly path: string;
}

/** Error correction L: a receipt is large, and larger modules scan better than more of them. */
export function drawQr(text: string): QrDrawing {
  const modules = encodeQR(text, 'raw', { ecc: 'low', border: 4 });
  const path = modules.map((row, y) =>
    runsOf(row)
      .map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)
      .join(''),
  );
  return { size: modules.length, path: path.join('') };
}

/** Where each run of dark modules begins, and its length. */
function runsOf(row: readonly boolean[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  row.forEach((isDark, x) => {
    const last = runs.at(-1);
    if (!isDark) return;
    if (last && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  });
  return runs;
}
