import { argv, env, exit, pid, stderr, stdout } from 'node:process';
import { inspect } from 'node:util';
import { ConfigError } from './config.ts';
import { startServer, type RunningServer } from './server/start-server.ts';

const [configPath] = argv.slice(2);
if (configPath === undefined || configPath === '--help') {
  stdout.write(`Starts one server: node --conditions=webusb-ccid:source api/server.ts CONFIG.json

CONFIG.json describes a gateway, an exchange or a payer simulator; docs/configuration.md explains every member.
`);
  exit(configPath === undefined ? 1 : 0);
}

const report = (failure: unknown) => {
  stderr.write(`${new Date().toISOString()} ${inspect(failure)}\n`);
};

let server: RunningServer;
try {
  server = await startServer(configPath, { fetch, now: () => new Date(), random: Math.random, report, databaseUrl: env['DATABASE_URL'] });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  stderr.write(`${error.message}\n`);
  exit(1);
}
const started = { listening: server.address, role: server.role, pid };
stdout.write(`${JSON.stringify(started)}\n`);
process.send?.(started);

let isStopping = false;
const stop = () => {
  if (isStopping) return;
  isStopping = true;
  void server.stop().then(() => exit(0));
};
process.on('SIGINT', stop).on('SIGTERM', stop);
// A parent that started us as its child is gone.
process.on('disconnect', stop);
