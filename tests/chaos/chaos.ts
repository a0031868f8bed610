import { readOrExplain } from '../run/read-or-explain.ts';
import { readOptions, USAGE } from './options.ts';
import { runChaos } from './run-chaos.ts';

const options = readOrExplain(() => readOptions(process.argv.slice(2)), USAGE);
if (options === 'help') console.log(USAGE);
else process.exitCode = (await runChaos(options)) ? 0 : 1;
