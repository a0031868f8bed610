import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAppFiles } from '#api/http/app-files.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { createApiHeaders, createSecurityHeaders } from '#api/http/security-headers.ts';

const PAGE = `<html><meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self'">つなぎ</html>`;

function createFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-app-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function createApp() {
  const app = new Hono();
  answerProblems(app, () => {});
  app.use('*', createSecurityHeaders(false));
  app.use('/api/*', createApiHeaders());
  app.get('/api/here', (context) => context.json('here'));
  app.route(
    '/',
    createAppFiles(
      createFolder({
        'index.html': PAGE,
        'index.html.br': 'compressed page',
        '_app/immutable/chunk.js': 'plain',
        '_app/immutable/chunk.js.br': 'compressed',
        'service-worker.js': 'worker',
      }),
    ),
  );
  return app;
}

describe('the app', () => {
  it('answers every address with its one page, under its own policy', async () => {
    const app = createApp();
    for (const path of ['/', '/consultation', '/records/1']) {
      const answer = await app.request(path);
      expect([answer.status, await answer.text()]).toEqual([200, PAGE]);
      expect(answer.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
      );
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('sends the page compressed to whoever takes that', async () => {
    const answer = await createApp().request('/consultation', { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect([await answer.text(), answer.headers.get('content-encoding')]).toEqual(['compressed page', 'br']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('vary')).toBe('Accept-Encoding');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('keeps hashed files for ever, compressed where there is a compressed one', async () => {
    const answer = await createApp().request('/_app/immutable/chunk.js', {
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect([await answer.text(), answer.headers.get('content-encoding')]).toEqual(['compressed', 'br']);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await (await createApp().request('/_app/immutable/chunk.js')).text()).toBe('plain');
  });

  it('gives its worker the policy too, and never an old worker', async () => {
    const answer = await createApp().request('/service-worker.js');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it.each(['/missing.js', '/_app/immutable/missing.js', '/..%2f..%2fetc/passwd.txt'])(
    'has no file %s',
    async (path) => {
      expect((await createApp().request(path)).status).toBe(404);
    },
  );

  it('cannot be served before it is built, or without a policy', () => {
    expect(() => createAppFiles(createFolder({}))).toThrow(TypeError);
    expect(() => createAppFiles(createFolder({ 'index.html': '<html></html>' }))).toThrow(TypeError);
  });
});

describe('every answer', () => {
  it('may not be framed, sniffed, embedded or told about', async () => {
    const { headers } = await createApp().request('/');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('usb=(self)');
    expect(headers.get('permissions-policy')).toContain('microphone=()');
    expect(headers.get('permissions-policy')).toContain('nfc=(self)');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('of the API is kept nowhere and runs nothing', async () => {
    const { headers } = await createApp().request('/api/here');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  });
});

it('says the same about itself on every kind of answer: page, file, API, nothing there', async () => {
  const app = createApp();
  for (const path of [
    '/',
    '/_app/immutable/chunk.js',
    '/service-worker.js',
    '/api/here',
    '/api/nowhere',
    '/missing.js',
  ]) {
    const { headers } = await app.request(path);
    expect([path, headers.get('cross-origin-opener-policy')]).toEqual([path, 'same-origin']);
    expect([path, headers.get('cross-origin-resource-policy')]).toEqual([path, 'same-origin']);
    expect([path, headers.get('permissions-policy')]).toEqual([
      path,
      expect.stringMatching(/usb=\(self\), nfc=\(self\)/),
    ]);
    expect([path, headers.get('content-security-policy')]).toEqual([
      path,
      expect.stringContaining("default-src 'none'"),
    ]);
  }
});
