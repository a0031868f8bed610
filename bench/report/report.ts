/** One thing that was measured. `limit` is the bound or the peer's value of the same run; the ratio is value / limit. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
}

/** With `--json` a line an object and nothing else; otherwise lines for a reader. */
export const isJson = process.argv.includes('--json');

/** Prints a measurement. */
export function report({ name, value, unit, limit }: Measurement): void {
  if (isJson) {
    console.log(JSON.stringify({ name, value, unit, ...(limit === undefined ? {} : { limit, ratio: value / limit }) }));
    return;
  }
  const bound = limit === undefined ? '' : `   limit ${format(limit)}, ratio ${(value / limit).toFixed(2)}`;
  console.log(`  ${name.padEnd(52)} ${format(value).padStart(10)} ${unit}${bound}`);
}

/** Text around the measurements, for a reader only. */
export function say(text: string): void {
  if (!isJson) console.log(text);
}

const format = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
