import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from '#api/demo/data-folder.ts';
import { originsFrom } from '#api/demo/nodes.ts';
import { parseDemoCommand } from '#api/demo/options.ts';
import { findBusyPorts, findFreeOrigins } from '#api/demo/ports.ts';
import { describeRunning } from '#api/demo/table.ts';
import { codeOf } from '../problem-code.ts';

describe('the command line', () => {
  const parse = (...args: string[]) => parseDemoCommand(args, '/home/newcomer');

  it('needs nothing', () => {
    expect(parse()).toEqual({
      ...{ kind: 'start', dataDirectory: '/home/newcomer/data', portBase: 4100, isFresh: false },
    });
  });

  it('takes a folder, ports and a fresh start', () => {
    expect(parse('--fresh', '--port-base', '9000', '--data', '/srv/demo')).toEqual({
      ...{ kind: 'start', dataDirectory: '/srv/demo', portBase: 9000, isFresh: true },
    });
    expect(parse('--help')).toEqual({ kind: 'help' });
  });

  it.each([
    [['--prot-base', '9000']],
    [['--port-base', 'x']],
    [['--port-base', '65500']],
    [['--port-base', '80']],
    [['y']],
  ])('does not guess: %s', (args) => {
    expect(parse(...args).kind).toBe('wrong');
  });
});

describe('the data folder', () => {
  const somewhere = () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsunagi-data-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };

  it('is made, found again, and emptied when asked', async () => {
    const data = join(somewhere(), 'data');
    await openDataFolder(data, false);
    writeFileSync(join(data, 'world.json'), '{}');
    await openDataFolder(data, false);
    expect(existsSync(join(data, 'world.json'))).toBe(true);
    await openDataFolder(data, true);
    expect(existsSync(join(data, 'world.json'))).toBe(false);
  });

  it('is never one that holds something else', async () => {
    const data = somewhere();
    writeFileSync(join(data, 'thesis.txt'), 'my only copy');
    expect(await codeOf(openDataFolder(data, true))).toBe('config_invalid');
    expect(await codeOf(openDataFolder(data, false))).toBe('config_invalid');
    expect(readdirSync(data)).toEqual(['thesis.txt']);
  });
});

describe('ports', () => {
  it('that are busy are named', async () => {
    const origins = await findFreeOrigins();
    expect(await findBusyPorts(origins)).toEqual([]);
    const port = Number(new URL(origins.west).port);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    expect(await findBusyPorts(origins)).toEqual([port]);
    await new Promise((resolve) => other.close(resolve));
  });
});

it('tells a newcomer what is where and what to click first, in both languages', () => {
  const text = describeRunning(originsFrom(4100), '/home/newcomer/data', ['http://127.0.0.1:4110/exchange#operator=x']);
  for (const port of [4100, 4110, 4120, 4200, 4210]) expect(text).toContain(`http://127.0.0.1:${port}`);
  expect(text).toContain('まずここを開いてください: http://127.0.0.1:4200/');
  expect(text).toContain('First, open http://127.0.0.1:4200/');
});
