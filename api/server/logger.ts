import { destination, pino } from 'pino';
import type { Log } from '../operations/request-log.ts';

/** One JSON object a line, to a file descriptor: 1 is the standard output. */
export function createLogger(descriptor: number): Log {
  const logger = pino(
    {
      base: undefined,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    destination({ dest: descriptor, sync: true }),
  );
  return ({ level, ...entry }) => logger[level](entry);
}
