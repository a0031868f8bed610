/**
 * The demonstration network but for gateway A, in one process with a clock that the parent moves. Gateway A is a process
 * of its own, so that it can be lost.
 */
import { startNetwork } from '#api/demo/network.ts';
import { createShiftedClock } from '../../chaos/shifted-clock.ts';

const [dataDirectory = '', appDirectory = ''] = process.argv.slice(2);
const network = await startNetwork({ dataDirectory, appDirectory, inProcess: true, now: createShiftedClock() });
await network.stopNode('gateway-a');
process.send?.({ gatewayA: network.origins['gateway-a'] });
process.on('disconnect', () => void network.stop().then(() => process.exit(0)));
