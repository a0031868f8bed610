import { run } from './process.ts';

/** The browser tests drive the app as it ships, so it is built anew each time. */
export async function buildApp(): Promise<void> {
  const exitCode = await run('vite', ['build', '--logLevel', 'warn']);
  if (exitCode !== 0) {
    console.error('The app does not build: see above.');
    process.exit(exitCode);
  }
}
