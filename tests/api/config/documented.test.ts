import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { ExchangeConfig } from '#api/config/exchange-config.ts';
import { GatewayConfig } from '#api/config/gateway-config.ts';
import { PayerSimulatorConfig } from '#api/config/server-config.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url)), 'utf8');

/** What stands inside optional, default, read-only, listed or chosen. */
function* objectsIn(schema: unknown): Generator<z.ZodObject> {
  if (schema instanceof z.ZodObject) yield schema;
  else if (schema instanceof z.ZodUnion) for (const option of schema.options) yield* objectsIn(option);
  else if (schema instanceof z.ZodArray) yield* objectsIn(schema.element);
  else if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly) {
    yield* objectsIn(schema.def.innerType);
  }
}

/** Members by their path; public keys and names are described once, where they are first met. */
function* membersOf(schema: unknown, path = ''): Generator<string> {
  for (const object of objectsIn(schema)) {
    for (const [name, member] of Object.entries<unknown>(object.shape)) {
      if (/^(kty|crv|x|y|n|e|ja|en)$/.test(name)) continue;
      yield path + name;
      yield* membersOf(member, `${path}${name}.`);
    }
  }
}

const members = [
  ...new Set([ExchangeConfig, GatewayConfig, PayerSimulatorConfig].flatMap((one) => [...membersOf(one)])),
];

it('finds the members', () => {
  expect(members).toContain('keys.federation');
  expect(members).toContain('peers.signingKeys');
  expect(members.length).toBeGreaterThan(60);
});

it.each(members)('%s is documented', (path) => {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const isTold =
    page.includes(`\`${path}\``) ||
    page.includes(`\`.${name}\``) ||
    new RegExp(`\`[^\`\n]*"${name}"[^\`\n]*\``).test(page);
  expect(isTold || page.includes(`\`${name}\``), `docs/configuration.md does not name ${path}`).toBe(true);
});
