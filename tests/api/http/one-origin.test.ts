import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { createOneOrigin } from '#api/http/one-origin.ts';

const app = new Hono().use('*', createOneOrigin('http://127.0.0.1:4200')).all('*', (context) => context.text('here'));

it('leads a browser from localhost to the address that sessions are bound to', async () => {
  const answer = await app.request('http://localhost:4200/records?x=1');
  expect([answer.status, answer.headers.get('location')]).toEqual([307, 'http://127.0.0.1:4200/records?x=1']);
});

it('leaves every other name and every other request alone', async () => {
  expect(await (await app.request('http://127.0.0.1:4200/')).text()).toBe('here');
  expect(await (await app.request('http://gateway.example/')).text()).toBe('here');
  expect(await (await app.request('http://localhost:4200/', { method: 'POST' })).text()).toBe('here');
});
