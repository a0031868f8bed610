import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { encodeReceipt } from '../api/contract/evidence/receipt.ts';
import { encodeTrust } from '../api/contract/evidence/trust.ts';
import { createStatements } from './evidence/crypto.ts';
import { issueLargeReceipt } from './evidence/receipt-size.ts';
import { report, say } from './report/report.ts';

/** Milliseconds to verify one receipt in Chromium, everything in it checked, and the size of the code that does it. */
const ROUNDS = 50;

const output = await build({
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    lib: {
      entry: fileURLToPath(new URL('evidence/browser-entry.ts', import.meta.url)),
      formats: ['iife'],
      name: 'evidence',
    },
  },
});
const [bundle] = Array.isArray(output) ? output : [output];
const chunk = bundle && 'output' in bundle ? bundle.output.find(({ type }) => type === 'chunk') : undefined;
if (chunk?.type !== 'chunk') throw new TypeError('vite built no code');
report({ name: 'code of the verifier, not compressed', value: chunk.code.length / 1024, unit: 'KiB' });

const { record, exchangeKeys } = await createStatements();
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  // WebCrypto needs a secure context, which a page under https is, whoever serves it.
  await page.route('https://bench.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>b</title>' }),
  );
  await page.goto('https://bench.example/');
  await page.addScriptTag({ content: chunk.code });
  say(`Chromium ${browser.version()}, mean of ${ROUNDS}`);
  for (const leaves of [1e3, 1e6, 1e9]) {
    for (const witnesses of [0, 3]) {
      const { receipt, trust } = await issueLargeReceipt(leaves, witnesses, record, exchangeKeys);
      const input = { receipt: encodeReceipt(receipt), trust: encodeTrust(trust), rounds: ROUNDS };
      const ms = await page.evaluate(`evidence.timeVerification(${JSON.stringify(input)})`);
      report({ name: `verify: ${leaves} leaves, ${witnesses} witnesses`, value: Number(ms), unit: 'ms' });
    }
  }
} finally {
  await browser.close();
}
