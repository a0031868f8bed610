import { resolve } from 'node:path';
import { buildApp, needsBuild } from '#api/demo/app-build.ts';

/** The folder of the built app; built first where it is not there or older than what it is made of. */
export async function builtApp(): Promise<string> {
  const root = resolve('.');
  if (needsBuild(root)) {
    console.error('building the app');
    await buildApp(root);
  }
  return resolve('build');
}
