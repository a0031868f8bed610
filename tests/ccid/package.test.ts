import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../../ccid', import.meta.url));
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
/** What the CCID road alone may weigh, minified and compressed. */
const ROAD_BYTES_MAX = 20 * 1024;

/** Runs a program; a failure holds what it wrote. */
function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, maxBuffer: 1 << 24 }, (error, output, errors) => {
      if (error) reject(new Error(`${program} ${args.join(' ')}: ${output}${errors}`, { cause: error }));
      else resolve(output);
    });
  });
}

const node = (args: readonly string[], cwd: string): Promise<string> => run(process.execPath, args, cwd);

let folder: string;
let project: string;

/** Builds and packs the library, and installs what came out in an empty project, as its users do; without a network. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webusb-ccid-'));
  const staging = join(folder, 'package');
  await mkdir(staging);
  for (const name of ['package.json', 'README.md', 'bin'])
    await cp(join(SOURCE, name), join(staging, name), { recursive: true });
  await node([TSC, '-p', join(SOURCE, 'tsconfig.build.json'), '--outDir', join(staging, 'dist')], SOURCE);
  await run('npm', ['pack', '--offline', '--ignore-scripts', '--silent', '--pack-destination', folder], staging);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'nothing packed';
  project = join(folder, 'project');
  const installed = join(project, 'node_modules', 'webusb-ccid');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1'], folder);
  await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(project, name), text);
  return join(project, name);
};

describe('the packed library', () => {
  it('holds what is needed to use it and nothing else', async () => {
    const files = await readdir(join(project, 'node_modules', 'webusb-ccid'), { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map(({ name }) => name);
    expect(names.filter((name) => !/\.(js|d\.ts|json|md)$/.test(name))).toEqual([]);
    expect(names).toContain('README.md');
    expect(names).toContain('index.d.ts');
    expect(names.some((name) => name.includes('test.'))).toBe(false);
  });

  it('is imported by plain Node, every entry of it', async () => {
    const manifest = JSON.parse(await readFile(join(SOURCE, 'package.json'), 'utf8')) as { exports: object };
    const entries = Object.keys(manifest.exports).map((entry) => entry.replace('.', 'webusb-ccid'));
    const lines = entries.map(
      (entry) => `console.log(${JSON.stringify(entry)}, Object.keys(await import('${entry}')).length > 0);`,
    );
    const output = await node([await write('imports.mjs', lines.join('\n'))], project);
    expect(output.trim().split('\n')).toEqual(entries.map((entry) => `${entry} true`));
  });

  it('talks to a simulated card', async () => {
    const file = await write(
      'talk.mjs',
      `import { requestReader } from 'webusb-ccid';
       import { createSimulatedReader, SimulatedUsb } from 'webusb-ccid/simulated';
       const usb = new SimulatedUsb();
       const simulated = createSimulatedReader({ level: 'tpdu-t1' });
       usb.attach(simulated.device);
       simulated.insert({ atr: Uint8Array.of(0x3b, 0x80, 0x81, 0x31, 0xfe, 0x00, 0xce), reset() {}, process: async () => Uint8Array.of(0x90, 0) });
       const card = await (await requestReader(usb)).connect();
       console.log(Buffer.from(await card.transmit(Uint8Array.of(0, 0xa4, 4, 0))).toString('hex'));
       process.exit();`,
    );
    expect((await node([file], project)).trim()).toBe('9000');
  });

  it('runs its command', async () => {
    const command = join(project, 'node_modules', 'webusb-ccid', 'bin', 'webusb-ccid.js');
    expect(JSON.parse(await node([command, 'atr', '--simulated', '--json'], project))).toMatchObject({ kind: 'atr' });
    expect(await node([command, '--version'], project)).toBe('0.1.0\n');
  });

  it('type-checks a caller, and refuses a code that there is not', async () => {
    const caller = `import { requestReader, CardError, type Reader } from 'webusb-ccid';
       import { createNodeUsb } from 'webusb-ccid/node-usb';
       declare const usb: ReturnType<typeof createNodeUsb>;
       const reader: Reader = await requestReader(usb);
       const card = await reader.connect({ signal: AbortSignal.timeout(1000) });
       export const answer: Uint8Array = await card.transmit(Uint8Array.of(0, 0xa4, 4, 0));
       export const isBusy = (error: unknown): boolean => error instanceof CardError && error.code === 'reader_busy';
       // @ts-expect-error: no such code
       export const isWrong = (error: CardError): boolean => error.code === 'reader_bussy';`;
    // The library's declarations are checked too, the platform's are not.
    const strictness = { strict: true, skipLibCheck: false, skipDefaultLibCheck: true, noEmit: true, types: [] };
    const compilerOptions = { ...strictness, target: 'ES2022', lib: ['ES2022', 'DOM'], module: 'NodeNext' };
    const files = [await write('caller.ts', caller)];
    await node([TSC, '-p', await write('tsconfig.json', JSON.stringify({ compilerOptions, files }))], project);
  });
});

describe('a bundle of the CCID road alone', () => {
  it(`weighs at most ${ROAD_BYTES_MAX} bytes, minified and compressed, and leaves out all the rest`, async () => {
    const input = await write('road.mjs', `export { requestReader, watchReaders } from 'webusb-ccid';`);
    const bundle = await rolldown({ input, cwd: project });
    const { output } = await bundle.generate({ format: 'es', minify: true });
    await bundle.close();
    const chunks = output.filter((part) => part.type === 'chunk');
    const [entry] = chunks.filter(({ isEntry }) => isEntry);
    const now = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
    const atOnce = [entry!, ...entry!.imports.flatMap((name) => now.get(name) ?? [])];
    const modules = atOnce.flatMap(({ moduleIds }) => moduleIds);
    expect(
      modules.filter((id) => /dist\/(cards|simulated|cli|isodep)\/|node-usb|rc-s3|web-smart-card/.test(id)),
    ).toEqual([]);
    const bytes = gzipSync(atOnce.map(({ code }) => code).join(''), { level: 9 }).length;
    console.info(`the CCID road weighs ${bytes} bytes`);
    expect(bytes).toBeLessThanOrEqual(ROAD_BYTES_MAX);
  });

  it('is empty when nothing of it is used', async () => {
    const input = await write(
      'nothing.mjs',
      `import 'webusb-ccid'; import 'webusb-ccid/simulated'; import 'webusb-ccid/mynumber';`,
    );
    const bundle = await rolldown({ input, cwd: project });
    const { output } = await bundle.generate({ format: 'es', minify: true });
    await bundle.close();
    expect(output.map((part) => (part.type === 'chunk' ? part.code.trim() : ''))).toEqual(['']);
  });
});
