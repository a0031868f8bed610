import { readFile } from 'node:fs/promises';
import { serve, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';
import { Problem } from '../contract/problem.ts';
import { ConfigError } from '../config/config-error.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { Surroundings } from '../app.ts';
import { openApp } from './create-app.ts';
import { openReloading } from './reloading.ts';

/** A server that answers. */
export interface RunningServer {
  readonly role: ServerConfig['role'];
  /** Where it listens on this machine. */
  readonly address: string;
  /** Lets requests under way finish, for a moment; then everything is closed. */
  stop(): Promise<void>;
}

/** Requests under way get this long when the server stops. */
const GRACE_MS = 2000;

/**
 * Starts the one server that a configuration file describes.
 *
 * @throws {ConfigError} `port_busy`, `config_unreadable`, `config_invalid`, `key_unreadable`
 */
export async function startServer(configPath: string, world: Surroundings): Promise<RunningServer> {
  const reloading = await openReloading({
    readText: () => readConfig(configPath),
    open: (config, control) => openApp(config, configPath, { ...world, control }),
    report: world.report,
    now: world.now,
  });
  const { config } = reloading;
  let isStopping = false;
  const answer: Hono['fetch'] = (...call) => (isStopping ? answerStopping() : reloading.fetch(...call));
  let server: ServerType;
  try {
    server = await bind(answer, config.listen);
  } catch (error) {
    await reloading.stop();
    throw error;
  }
  reloading.start();
  return {
    role: config.role,
    address: `http://${config.listen.host}:${config.listen.port}`,
    async stop() {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      const impatient = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE_MS);
      await Promise.all([reloading.stop(), closed]);
      clearTimeout(impatient);
    },
  };
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError('config_unreadable', `${path} cannot be read`, { cause });
  }
}

/** Whoever polled on a connection that is still open asks again at once; the answer tells them to come back elsewhere or later. */
function answerStopping(): Response {
  const problem = new Problem('unavailable', 'the server is stopping');
  return new Response(JSON.stringify(problem.toDocument()), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', connection: 'close' },
  });
}

function bind(answer: Hono['fetch'], { host, port }: ServerConfig['listen']): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: answer, hostname: host, port });
    server.once('listening', () => resolve(server));
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isBusy = cause.code === 'EADDRINUSE';
      const detail = isBusy ? 'is in use by another program' : 'cannot be listened on';
      reject(new ConfigError('port_busy', `port ${port} of ${host} ${detail}`, { cause }));
    });
  });
}
