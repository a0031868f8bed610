/** One API process of an exchange: the server as it is shipped, with a clock that can be moved. */
import { inspect } from 'node:util';
import { startServer } from '#api/server/start-server.ts';
import { createShiftedClock } from './shifted-clock.ts';

const [configPath = ''] = process.argv.slice(2);
await startServer(configPath, {
  fetch,
  now: createShiftedClock(),
  random: Math.random,
  report: (failure) => process.stderr.write(`${new Date().toISOString()} ${inspect(failure)}\n`),
});
process.send?.('listening');
process.on('disconnect', () => process.exit(0));
