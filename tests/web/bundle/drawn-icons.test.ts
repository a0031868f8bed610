import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { drawIcon } from '../../../web/bundle/drawn-icons.ts';

const SET = 'node_modules/@lucide/svelte/dist/icons';
const read = (name: string) => readFileSync(join(SET, `${name}.svelte`), 'utf8');

describe('icons drawn at build time', () => {
  it('are the shapes of the set', () => {
    expect(drawIcon(read('check'))).toContain('<path d="M20 6 9 17l-5-5" />');
  });

  it('compile without a warning', () => {
    const { warnings } = compile(drawIcon(read('shield-check')), { runes: true });
    expect(warnings).toEqual([]);
  });

  it('are found in every file of the set', () => {
    for (const file of readdirSync(SET)) {
      if (file.endsWith('.svelte')) expect(drawIcon(read(file.slice(0, -'.svelte'.length)))).toMatch(/<svg .*<\/svg>/s);
    }
  });

  it('are refused where a file says nothing of its picture, or something else', () => {
    expect(() => drawIcon('<svg />')).toThrow(TypeError);
    expect(() => drawIcon('const iconData = {"size":16,"node":[]};')).toThrow();
    expect(() => drawIcon('const iconData = {"size":24,"node":[["path",{"x":"1","on\\"":"y"}]]};')).toThrow();
  });
});
