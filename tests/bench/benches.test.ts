import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BENCHES, describeBench, readBenchOptions, type Bench } from '../../bench/report/benches.ts';

const folder = fileURLToPath(new URL('../../bench/', import.meta.url));

describe('the benches', () => {
  it('has a line for each file, and a file for each line', () => {
    const files = readdirSync(folder).flatMap((file) =>
      file === 'run.ts' ? [] : (/^(.+)\.ts$/.exec(file)?.[1] ?? []),
    );
    expect(Object.keys(BENCHES).sort()).toEqual(files.sort());
  });

  it.each(Object.entries<Bench>(BENCHES))('says what %s takes', (name, bench) => {
    const text = describeBench(name, bench);
    for (const option of ['json', ...Object.keys(bench.options ?? {})]) expect(text).toContain(`\n  --${option} `);
    expect(() => readBenchOptions(bench, [])).not.toThrow();
  });

  it('reads what is said and knows what stands for the rest', () => {
    expect(readBenchOptions(BENCHES.exchange, ['--messages', '50', '--json'])).toEqual({ messages: '50', turns: '3' });
    expect(readBenchOptions(BENCHES.evidence, ['--only', 'growth'])['only']).toBe('growth');
  });

  it.each([['--messages', 'many'], ['--messages', '0'], ['--turns', '1.5'], ['--bogus'], ['stray']])(
    'refuses %s %s',
    (...args) => {
      expect(() => readBenchOptions(BENCHES.exchange, args.filter(Boolean))).toThrow(TypeError);
    },
  );

  it('refuses a part that is none', () => {
    expect(() => readBenchOptions(BENCHES.evidence, ['--only', 'all'])).toThrow(TypeError);
  });
});
