import { createServer } from 'node:net';
import { NODE_NAMES, toOrigins, type Origins } from './nodes.ts';

/** The ports of these origins that another program listens on. */
export async function findBusyPorts(origins: Origins): Promise<readonly number[]> {
  const ports = NODE_NAMES.map((name) => Number(new URL(origins[name]).port));
  const busy = await Promise.all(ports.map(async (port) => ((await tryPort(port)) === undefined ? [port] : [])));
  return busy.flat();
}

/** Origins on loopback that nobody uses. */
export async function findFreeOrigins(): Promise<Origins> {
  const held = await Promise.all(NODE_NAMES.map(async (name) => [name, await holdPort(0)] as const));
  // Held until all are known, so that no two are the same.
  for (const [, hold] of held) await hold?.release();
  const ports = new Map(held.map(([name, hold]) => [name, hold?.port ?? 0]));
  return toOrigins((name) => ports.get(name) ?? 0);
}

/** A port on loopback that nobody uses at this moment. */
export async function findFreePort(): Promise<number> {
  const hold = await holdPort(0);
  await hold?.release();
  return hold?.port ?? 0;
}

async function tryPort(port: number): Promise<number | undefined> {
  const hold = await holdPort(port);
  await hold?.release();
  return hold?.port;
}

function holdPort(port: number): Promise<{ readonly port: number; release(): Promise<void> } | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        release: () => new Promise((released) => server.close(() => released())),
      });
    });
  });
}
