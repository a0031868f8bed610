import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { EXIT_CODES, runCli } from '../../../api/cli/run.ts';
import { digest } from '../../../api/contract/encoding.ts';
import { parseSignedCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { createLogClient } from '../../../api/contract/evidence/log-client.ts';
import { createReceipt, encodeReceipt } from '../../../api/contract/evidence/receipt.ts';
import { encodeTrust } from '../../../api/contract/evidence/trust.ts';
import { createEvidenceRoutes } from '../../../api/evidence/routes.ts';
import { appendLeaf } from '../../../api/storage/sqlite/evidence.ts';
import { openTestLog } from '../evidence/evidence-fixture.ts';

const URL_OF_LOG = 'https://east.example/evidence';

/** A log that was served while a receipt was issued, and the same log (or its operator's lie) served later. */
async function openAudit(sizeThen: number) {
  const { signer, open, append } = await openTestLog();
  const log = await open();
  await append(sizeThen);
  await log.integrate();
  const receipt = encodeReceipt(createReceipt('a.b.c', new Uint8Array(32), await log.proofFor(0)));
  const trust = { logKeys: [log.verifierKey], exchangeKeys: {} };
  const serve = (served: typeof log): typeof fetch => {
    const routes = createEvidenceRoutes(served);
    return async (input) => routes.request(new URL(new Request(input).url).pathname.replace('/evidence', ''));
  };
  const forge = async (count: number) => {
    const other = await openTestLog();
    await other.database.write((db) => {
      for (let n = 0; n < count; n += 1) appendLeaf(db, digest(`lie ${n}`));
    });
    return other.open({ signer });
  };
  const audit = async (fetch: typeof globalThis.fetch, file = 'receipt.json') => {
    const files: Record<string, string> = {
      'receipt.json': receipt,
      'trust.json': encodeTrust(trust),
      'no.json': '{}',
    };
    const lines: string[] = [];
    const code = await runCli(['audit', file, URL_OF_LOG, '--trust', 'trust.json', '--lang', 'en'], {
      readFile: (name) => Promise.resolve(encodeUtf8(files[name] ?? '')),
      write: (line) => lines.push(line),
      fetch,
    });
    return { code, lines };
  };
  return { log, signer, append, serve, forge, audit };
}

describe('tsunagi audit', () => {
  it.each([
    [1, 1],
    [3, 700],
    [300, 66_000],
  ])('finds that the log grew from %i to %i leaves without being rewritten', async (then, now) => {
    const { log, append, serve, audit } = await openAudit(then);
    if (now > then) await append(now - then);
    await log.integrate();
    const { code, lines } = await audit(serve(log));
    expect(code).toBe(EXIT_CODES.holds);
    expect(lines).toEqual([expect.stringContaining(`${then} leaves`)]);
  });

  it.each([
    ['rewrote', 400],
    ['forked at the same size', 300],
    ['rolled back', 10],
  ])('catches an operator who %s the log', async (_, size) => {
    const { serve, forge, audit } = await openAudit(300);
    const { code, lines } = await audit(serve(await forge(size)));
    expect([code, lines.at(-1)]).toEqual([EXIT_CODES.fails, 'The log cannot be trusted.']);
  });

  it('accuses nobody who cannot be reached', async () => {
    const { audit } = await openAudit(3);
    expect((await audit(() => Promise.reject(new TypeError('fetch failed')))).code).toBe(EXIT_CODES.usage);
    expect((await audit(() => Promise.resolve(new Response('', { status: 502 })))).code).toBe(EXIT_CODES.usage);
  });

  it('fails for another log, and for a file that is no receipt', async () => {
    const { serve, audit } = await openAudit(3);
    const stranger = await (await openTestLog()).open();
    expect((await audit(serve(stranger))).code).toBe(EXIT_CODES.fails);
    expect((await audit(serve(stranger), 'no.json')).code).toBe(EXIT_CODES.fails);
  });
});

describe('a log client', () => {
  it('takes the full tile where the partial one was dropped', async () => {
    const { log, signer, append, serve } = await openAudit(200);
    const old = parseSignedCheckpoint((await log.latestCheckpoint()).note).checkpoint;
    await append(56);
    await log.integrate();
    const now = parseSignedCheckpoint((await log.latestCheckpoint()).note).checkpoint;
    await append(10);
    await log.integrate();
    const pruned: typeof fetch = async (input) =>
      new Request(input).url.includes('.p/') ? new Response('', { status: 404 }) : serve(log)(input);
    const pruning = createLogClient({ prefix: URL_OF_LOG, key: signer.verifier, fetch: pruned });
    expect(await pruning.isExtension(old, now)).toBe(true);
    const later = parseSignedCheckpoint((await log.latestCheckpoint()).note).checkpoint;
    await expect(pruning.isExtension(old, later)).rejects.toMatchObject({ code: 'log_unreachable' });
  });
});
