import { symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';

const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond];
const SIZE = 96;

/** How the institution with this place in the list is drawn: a shape and a colour, so that neither is needed alone. */
export interface SeriesMark {
  readonly path: string;
  readonly className: string;
}

export function seriesMark(index: number): SeriesMark {
  const shape = SHAPES[index % SHAPES.length] ?? symbolCircle;
  return { path: symbol(shape, SIZE)() ?? '', className: `series-${(index % SHAPES.length) + 1}` };
}
