import { readOptions, USAGE } from './options.ts';
import { runChaos } from './run-chaos.ts';

const options = readOptions(process.argv.slice(2));
if (options === 'help') console.log(USAGE);
else process.exitCode = (await runChaos(options)) ? 0 : 1;
