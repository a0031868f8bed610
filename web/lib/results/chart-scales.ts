import { scaleLinear, scaleTime, type ScaleLinear, type ScaleTime } from 'd3-scale';
import type { Axis } from './axis.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;

export interface ChartBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ChartScales {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
  /** How dates on the axis are best written. */
  readonly dateStyle: 'day' | 'month' | 'year';
}

/** Scales that show every value, the reference range of the newest, and some air. One value alone stands in the middle. */
export function createScales(axis: Axis, box: ChartBox): ChartScales {
  const times = axis.points.map(({ at }) => at);
  const first = Math.min(...times);
  const last = Math.max(...times);
  const span = last - first;
  const pad = span === 0 ? 30 * DAY_MS : span * 0.04;
  const { low, high } = axis.points.at(-1)?.range ?? {};
  const values = [...axis.points.map(({ value }) => value), ...[low, high].filter((limit) => limit !== undefined)];
  const bottom = Math.min(...values);
  const top = Math.max(...values);
  const air = (top - bottom || Math.abs(top) || 1) * 0.12;
  // A quantity that is never negative gets no room below nothing.
  const floor = bottom >= 0 ? Math.max(0, bottom - air) : bottom - air;
  return {
    x: scaleTime([new Date(first - pad), new Date(last + pad)], [box.left, box.right]),
    y: scaleLinear([floor, top + air], [box.bottom, box.top]).nice(4),
    dateStyle: span > 2 * YEAR_MS ? 'year' : span > 45 * DAY_MS ? 'month' : 'day',
  };
}
