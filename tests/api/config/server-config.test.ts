import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from '#api/config/config-error.ts';
import { parseConfig } from '#api/config/server-config.ts';
import { originsFrom } from '#api/demo/nodes.ts';
import { provision, type Provision } from '#api/demo/provision.ts';
import { NOW, sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';

beforeAll(() => sharedWorld(), WORLD_TIMEOUT_MS);

async function provisionSomewhere() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-config-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const again = async (portBase: number): Promise<Provision> =>
    provision({ dataDirectory, origins: originsFrom(portBase), world: await sharedWorld(), now: NOW });
  return { dataDirectory, again, first: await again(4100) };
}

describe('the demonstration', () => {
  it('writes configurations that fit', async () => {
    const { first } = await provisionSomewhere();
    const roles = Object.values(first.configPaths).map((path) => parseConfig(readFileSync(path, 'utf8')).role);
    expect(roles).toEqual(['payer-simulator', 'exchange', 'exchange', 'gateway', 'gateway']);
  });

  it('makes keys once, for their owner alone, and follows the ports', async () => {
    const { dataDirectory, first, again } = await provisionSomewhere();
    const key = join(dataDirectory, 'keys/east-signing.json');
    const before = readFileSync(key, 'utf8');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    await again(9000);
    expect(readFileSync(key, 'utf8')).toBe(before);
    expect(parseConfig(readFileSync(first.configPaths.east, 'utf8'))).toMatchObject({
      origin: 'http://127.0.0.1:9010',
    });
  });

  it('pins the same keys everywhere', async () => {
    const { first } = await provisionSomewhere();
    const read = (path: string) => parseConfig(readFileSync(path, 'utf8'));
    const [east, west, gatewayB] = [first.configPaths.east, first.configPaths.west, first.configPaths['gateway-b']].map(
      read,
    );
    if (east?.role !== 'exchange' || west?.role !== 'exchange' || gatewayB?.role !== 'gateway') throw new RangeError();
    expect(east.peers[0]?.signingKeys).toEqual(gatewayB.exchange.signingKeys);
    expect(west.institutions[0]?.id).toBe(gatewayB.institution.id);
    expect(east.keys.federation).toBe(west.keys.federation);
  });
});

describe('a configuration is refused', () => {
  const refused = (text: string) => {
    try {
      parseConfig(text);
    } catch (error) {
      return error instanceof ConfigError ? error.code : error;
    }
    return 'accepted';
  };

  it('when it is not JSON, has no role, or says what nobody knows', async () => {
    expect(refused('{')).toBe('config_invalid');
    expect(refused('{}')).toBe('config_invalid');
    const { first } = await provisionSomewhere();
    const payer = JSON.parse(readFileSync(first.configPaths.payer, 'utf8')) as object;
    expect(refused(JSON.stringify(payer))).toBe('accepted');
    expect(refused(JSON.stringify({ ...payer, wrold: 'x' }))).toBe('config_invalid');
    expect(refused(JSON.stringify({ ...payer, origin: 'http://127.0.0.1:4100/path' }))).toBe('config_invalid');
    expect(refused(JSON.stringify({ ...payer, listen: { port: 0 } }))).toBe('config_invalid');
  });

  it('with the member that does not fit named', async () => {
    const { first } = await provisionSomewhere();
    const gateway = JSON.parse(readFileSync(first.configPaths['gateway-a'], 'utf8')) as { institution: object };
    const changed = { ...gateway, institution: { ...gateway.institution, id: 'sakura/../1' } };
    expect(() => parseConfig(JSON.stringify(changed))).toThrow(/institution\.id/);
  });

  it('when members of an exchange contradict each other, with the place named', async () => {
    const { first } = await provisionSomewhere();
    const east = parseConfig(readFileSync(first.configPaths.east, 'utf8'));
    if (east.role !== 'exchange') throw new RangeError();
    const [peer] = east.peers;
    const [institution] = east.institutions;
    const name = { ja: 'あ', en: 'a' };
    const changes: Record<string, object> = {
      'institutions[0].id': { networks: [{ id: 'hoshi', name }] },
      'networks[1].id': { networks: [...east.networks, { ...east.networks[0], name }] },
      'institutions[1].id': { institutions: [institution, institution] },
      'peers[1].id': { peers: [peer, peer] },
      'peers[0].id': { peers: [{ ...peer, id: east.id }] },
      'gateways[0].institution': { gateways: [{ institution: 'sakura/1310000099', origin: 'https://g.example' }] },
    };
    for (const [place, change] of Object.entries(changes)) {
      expect(() => parseConfig(JSON.stringify({ ...east, ...change })), place).toThrow(`at ${place}`);
    }
  });
});
