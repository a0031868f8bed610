import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { EXIT_CODES, runCli } from '../../../api/cli/run.ts';
import { encodeReceipt } from '../../../api/contract/evidence/receipt.ts';
import { encodeTrust, parseTrust } from '../../../api/contract/evidence/trust.ts';
import { issueReceipt } from '../contract-evidence/receipt-fixture.ts';

async function prepare(trustPlace = 'tsunagi-trust.json') {
  const { receipt, trust } = await issueReceipt();
  const files: Record<string, string> = {
    'receipt.json': encodeReceipt(receipt),
    'altered.json': encodeReceipt({ ...receipt, proof: receipt.proof.replace('index 5', 'index 4') }),
    'cases/receipt.json': encodeReceipt(receipt),
    [trustPlace]: encodeTrust(trust),
    'nobody.json': encodeTrust({ logKeys: trust.logKeys, exchangeKeys: {} }),
    'text.txt': 'not JSON',
  };
  const run = async (args: string, locale = 'C.UTF-8') => {
    const lines: string[] = [];
    const readFile = (file: string) =>
      files[file] === undefined
        ? Promise.reject(new TypeError('no such file'))
        : Promise.resolve(encodeUtf8(files[file]));
    const code = await runCli(args.split(' '), { readFile, fetch, write: (line) => lines.push(line), locale });
    return { code, lines };
  };
  return { run, trust };
}

describe('tsunagi verify', () => {
  it('says that a receipt holds, check by check', async () => {
    const { run } = await prepare();
    const { code, lines } = await run('verify receipt.json');
    expect(code).toBe(EXIT_CODES.holds);
    expect(lines.filter((line) => line.startsWith('✓'))).toHaveLength(6);
    expect(lines[0]).toContain('tsunagi-trust.json');
    expect(lines[1]).toContain('sakura/1310000012');
  });

  it('speaks the language of the environment, or the one asked for', async () => {
    const { run } = await prepare();
    const japanese = await run('verify receipt.json', 'ja_JP.UTF-8');
    expect(japanese.lines.at(-1)).toBe('この控えは正しいものです。');
    const english = await run('verify receipt.json --lang en', 'ja_JP.UTF-8');
    expect(english.lines.at(-1)).toBe('This receipt is genuine.');
  });

  it('names the check that fails', async () => {
    const { run } = await prepare();
    const { code, lines } = await run('verify altered.json');
    expect(code).toBe(EXIT_CODES.fails);
    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(1);
  });

  it('believes only the pinned keys', async () => {
    const { run } = await prepare();
    expect((await run('verify receipt.json --trust nobody.json')).code).toBe(EXIT_CODES.fails);
  });

  it.each(['tsunagi-trust.json', 'cases/tsunagi-trust.json', 'data/tsunagi-trust.json'])(
    'finds the pinned keys in %s, and says so',
    async (place) => {
      const { run } = await prepare(place);
      const { code, lines } = await run('verify cases/receipt.json');
      expect([code, lines[0]?.endsWith(` ${place}`)]).toEqual([EXIT_CODES.holds, true]);
    },
  );

  it('says where it looked in vain', async () => {
    const { run } = await prepare('elsewhere.json');
    const { code, lines } = await run('verify cases/receipt.json');
    expect(code).toBe(EXIT_CODES.usage);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('tsunagi-trust.json, cases/tsunagi-trust.json, data/tsunagi-trust.json');
  });

  it('fails for a file that is no receipt', async () => {
    const { run } = await prepare();
    expect((await run('verify text.txt')).code).toBe(EXIT_CODES.fails);
  });

  it.each([
    '',
    'verify',
    'check receipt.json',
    'verify a b',
    'verify receipt.json --lang fr',
    'verify receipt.json --quick',
    'verify missing.json',
    'verify receipt.json --trust missing.json',
    'verify receipt.json --trust text.txt',
  ])('tells a wrong call from a wrong receipt: %j', async (args) => {
    const { run } = await prepare();
    expect((await run(args)).code).toBe(EXIT_CODES.usage);
  });
});

it.each(['--help', '-h', 'verify --help', 'export --help', 'verify receipt.json --help'])(
  'answers %s',
  async (args) => {
    const { run } = await prepare();
    const { code, lines } = await run(args);
    expect(code).toBe(EXIT_CODES.holds);
    for (const verb of ['verify', 'audit', 'export', 'forget']) expect(lines.join('\n')).toContain(`tsunagi ${verb} `);
  },
);

it.each(['ENOENT', 'EISDIR', 'EACCES', 'ERR_FS_FILE_TOO_LARGE'])(
  'says why a file cannot be read: %s',
  async (cause) => {
    const { trust } = await prepare();
    const lines: string[] = [];
    const readFile = (file: string) =>
      file === 'keys.json'
        ? Promise.resolve(encodeUtf8(encodeTrust(trust)))
        : Promise.reject(Object.assign(new TypeError('not readable'), { code: cause }));
    const world = { readFile, fetch, write: (line: string) => lines.push(line), locale: 'C' };
    expect(await runCli(['verify', 'receipt.json', '--trust', 'keys.json'], world)).toBe(EXIT_CODES.usage);
    expect(lines).toHaveLength(2);
  },
);

describe('trust files', () => {
  it('keep whom they pin', async () => {
    const { trust } = await prepare();
    expect(parseTrust(encodeTrust(trust))).toEqual({
      ...trust,
      ...{ logPolicies: {}, timestampAnchors: [], logTimestampAnchors: {} },
    });
  });

  it.each(['', '[]', '{"version":1}', '{"version":1,"logKeys":[],"exchangeKeys":{}}'])('refuse %j', (text) => {
    expect(() => parseTrust(text)).toThrow(expect.objectContaining({ code: 'trust_malformed' }));
  });
});
