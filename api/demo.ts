import { argv, cwd, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './config/config-error.ts';
import { buildApp, needsBuild } from './demo/app-build.ts';
import { openDataFolder } from './demo/data-folder.ts';
import { startNetwork, type DemoNetwork } from './demo/network.ts';
import { originsFrom } from './demo/nodes.ts';
import { parseDemoCommand, USAGE } from './demo/options.ts';
import { describeOperatorLink } from './demo/operator.ts';
import { findBusyPorts } from './demo/ports.ts';
import { describeRunning } from './demo/table.ts';

const now = () => new Date();
const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

const command = parseDemoCommand(argv.slice(2), cwd());
if (command.kind !== 'start') {
  const isHelp = command.kind === 'help';
  (isHelp ? stdout : stderr).write(isHelp ? USAGE : `${command.detail}\n\n${USAGE}`);
  exit(isHelp ? 0 : 1);
}

let network: DemoNetwork | undefined;
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    stdout.write('\n終了しています… stopping…\n');
    void (network?.stop() ?? Promise.resolve()).then(() => exit(0));
  });
}

try {
  network = await start(command);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  stderr.write(`\n${error.message}\n`);
  exit(1);
}

async function start({
  dataDirectory,
  portBase,
  isFresh,
}: Extract<typeof command, { kind: 'start' }>): Promise<DemoNetwork> {
  const origins = originsFrom(portBase);
  const busy = await findBusyPorts(origins);
  if (busy.length > 0) {
    const ports = busy.join(', ');
    throw new ConfigError(
      'port_busy',
      `ポート ${ports} は別のプログラムが使っています。--port-base で別の番号を指定してください。\n` +
        `Port ${ports} is in use by another program. Choose others: npm start -- --port-base ${portBase + 1000}`,
    );
  }
  await openDataFolder(dataDirectory, isFresh);
  if (needsBuild(ROOT)) {
    stdout.write('画面を組み立てています… building the app…\n');
    await buildApp(ROOT);
  }
  stdout.write('起動しています… starting…\n');
  const started = await startNetwork({
    dataDirectory,
    origins,
    appDirectory: `${ROOT}/build`,
    onEnded: (name, configPath) =>
      stderr.write(
        `${name} が終了しました。 ${name} has ended. Start it again:\n  ` +
          `npx node --conditions=webusb-ccid:source api/server.ts ${configPath}\n`,
      ),
  });
  const links = await Promise.all(
    (['east', 'west'] as const).map((exchange) => describeOperatorLink({ dataDirectory, origins, now }, exchange)),
  );
  stdout.write(describeRunning(origins, dataDirectory, links));
  return started;
}
