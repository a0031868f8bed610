import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHex, parseHex } from 'webusb-ccid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKeptCard } from '../../../ccid/cli/kept-card.ts';
import { offerToVpcd } from '../../../ccid/cli/offer-card.ts';
import { createMyNumberCard, myNumberPersonalisation } from '../simulated-cards/test-cards.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'card-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('lays a card on a virtual reader and takes it away', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connection = once(server, 'connection') as Promise<[Socket]>;
  const card = createMyNumberCard();
  const offered = await offerToVpcd(card, '127.0.0.1', port);
  const [reader] = await connection;
  reader.write(parseHex('0001 04'));
  const [answer] = (await once(reader, 'data')) as [Buffer];
  expect(encodeHex(answer)).toBe(`000D${encodeHex(card.atr)}`);
  offered.remove();
  await offered.removed;
  server.close();
});

it('says reader_gone where nobody listens', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  await expect(offerToVpcd(createMyNumberCard(), '127.0.0.1', port)).rejects.toMatchObject({ code: 'reader_gone' });
});

it('keeps a spent try in its file before the answer is out', async () => {
  const path = join(folder, 'state.json');
  const run = async (...commands: string[]): Promise<string[]> => {
    const card = createKeptCard(myNumberPersonalisation, path);
    const answers: string[] = [];
    for (const command of commands) answers.push(encodeHex(await card.process(parseHex(command))));
    return answers;
  };
  const select = '00A4040C0A D392F000260100000001';
  expect(await run(select, '0020009804 30303030')).toEqual(['9000', '63C2']);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ pins: { 'D392F000260100000001/0018': { triesLeft: 2 } } });
  expect(await run(select, '00200098')).toEqual(['9000', '63C2']);
});
