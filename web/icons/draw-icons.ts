/**
 * Draws the app's icons into `static/`: two rings that link, つなぎ. Run by hand after a change:
 * `node web/icons/draw-icons.ts`. Geometry is in a square of 512.
 */
import { writeFileSync } from 'node:fs';
import { encodePng } from './png.ts';

const SIZE = 512;
const TEAL = [14, 110, 112] as const;
const WHITE = [246, 252, 251] as const;
const CORNER = 112;
const RADIUS = 92;
const STROKE = 36;
const LEFT = { x: 196, y: 256 };
const RIGHT = { x: 316, y: 256 };

type Color = readonly [number, number, number];

/** Distance to the edge of the rounded square; negative inside. */
function squareDistance(x: number, y: number, corner: number): number {
  const dx = Math.abs(x - SIZE / 2) - (SIZE / 2 - corner);
  const dy = Math.abs(y - SIZE / 2) - (SIZE / 2 - corner);
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner;
}

const ringDistance = (x: number, y: number, centre: { x: number; y: number }, width: number) =>
  Math.abs(Math.hypot(x - centre.x, y - centre.y) - RADIUS) - width / 2;

/** The right ring passes over the left one above and under it below: that is what links them. */
function isMark(x: number, y: number): boolean {
  const isLeft = ringDistance(x, y, LEFT, STROKE) <= 0;
  const isRight = ringDistance(x, y, RIGHT, STROKE) <= 0;
  const isCutFromLeft = y < SIZE / 2 && ringDistance(x, y, RIGHT, STROKE + 28) <= 0;
  const isCutFromRight = y >= SIZE / 2 && ringDistance(x, y, LEFT, STROKE + 28) <= 0;
  return (isLeft && !isCutFromLeft) || (isRight && !isCutFromRight);
}

/** @param scale of the mark; maskable icons keep it inside the safe circle */
function draw(size: number, corner: number, scale: number): Uint8Array {
  const SAMPLES = 4;
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let covered = 0;
      let marked = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size) * SIZE;
        const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size) * SIZE;
        if (squareDistance(x, y, corner) > 0) continue;
        covered += 1;
        if (isMark((x - SIZE / 2) / scale + SIZE / 2, (y - SIZE / 2) / scale + SIZE / 2)) marked += 1;
      }
      const share = covered === 0 ? 0 : marked / covered;
      const color = [0, 1, 2].map((channel) => mix(TEAL, WHITE, share, channel));
      pixels.set([...color, (covered / SAMPLES ** 2) * 255], (row * size + column) * 4);
    }
  }
  return pixels;
}

const mix = (from: Color, to: Color, share: number, channel: number) =>
  Math.round((from[channel] ?? 0) * (1 - share) + (to[channel] ?? 0) * share);

const hex = (color: Color) => `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;

function drawSvg(): string {
  const circle = ({ x, y }: { x: number; y: number }, extra: string) =>
    `<circle cx="${x}" cy="${y}" r="${RADIUS}" fill="none" ${extra}/>`;
  const white = `stroke="${hex(WHITE)}" stroke-width="${STROKE}"`;
  const gap = `stroke="${hex(TEAL)}" stroke-width="${STROKE + 28}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}">
<clipPath id="above"><path d="M0 0H${SIZE}V${SIZE / 2}H0z"/></clipPath>
<clipPath id="below"><path d="M0 ${SIZE / 2}H${SIZE}V${SIZE}H0z"/></clipPath>
<rect width="${SIZE}" height="${SIZE}" rx="${CORNER}" fill="${hex(TEAL)}"/>
<g clip-path="url(#above)">${circle(LEFT, white)}${circle(RIGHT, gap)}${circle(RIGHT, white)}</g>
<g clip-path="url(#below)">${circle(RIGHT, white)}${circle(LEFT, gap)}${circle(LEFT, white)}</g>
</svg>
`;
}

const write = (name: string, content: string | Uint8Array) =>
  writeFileSync(new URL(`../../static/${name}`, import.meta.url), content);

write('icon.svg', drawSvg());
write('icon-192.png', encodePng(draw(192, CORNER, 1), 192));
write('icon-512.png', encodePng(draw(512, CORNER, 1), 512));
write('icon-maskable-512.png', encodePng(draw(512, 0, 0.8), 512));
write('apple-touch-icon.png', encodePng(draw(180, 0, 0.9), 180));
