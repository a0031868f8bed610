import { argv, env, exit, pid, stderr, stdout } from 'node:process';
import { ConfigError } from './config/config-error.ts';
import { describeFailure } from './operations/request-log.ts';
import { createLogger } from './server/logger.ts';
import { startServer, type RunningServer } from './server/start-server.ts';

const args = argv.slice(2);
const configPath = args.find((argument) => argument === '--help' || !argument.startsWith('--'));
/** Every administrator lost their passkey: a code on the console lets one in. */
const forcesSetUp = args.includes('--administrator-code');
if (configPath === undefined || configPath === '--help') {
  stdout.write(`Starts one server: node --conditions=webusb-ccid:source api/server.ts CONFIG.json [--administrator-code]

CONFIG.json describes a gateway, an exchange or a payer simulator; docs/configuration.md explains every member.
--administrator-code prints a code that lets an administrator in, although there is one: theirs is lost.
`);
  exit(configPath === undefined ? 1 : 0);
}

const log = createLogger(stdout.fd);
const report = (failure: unknown) => log({ level: 'error', event: 'failure', failure: describeFailure(failure) });

const announce = (text: string) => {
  // Not among the log's lines: it may be a secret.
  stderr.write(`\n${text}\n\n`);
};
const surroundings = {
  fetch,
  now: () => new Date(),
  random: Math.random,
  report,
  log,
  announce,
  databaseUrl: env['DATABASE_URL'],
};

let server: RunningServer;
try {
  server = await startServer(configPath, { ...surroundings, forcesSetUp });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  stderr.write(`${error.message}\n`);
  exit(1);
}
const started = { listening: server.address, role: server.role, pid };
log({ level: 'info', event: 'started', ...started });
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
