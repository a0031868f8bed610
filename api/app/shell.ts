import { Hono } from 'hono';
import { Problem } from '../contract/problem.ts';
import { createAppFiles } from '../http/app-files.ts';
import { createOneOrigin } from '../http/one-origin.ts';
import { answerProblems } from '../http/problem-answer.ts';
import { createApiHeaders, createSecurityHeaders } from '../http/security-headers.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * What every server with an API has around its routes: headers, refusals as problem documents, and the built app for
 * every address that is none of the API's.
 */
export function composeShell(
  shell: {
    readonly origin: string;
    readonly report: (failure: unknown) => void;
    /** Folder of the built app. */
    readonly appDirectory?: string;
    /** What is told of how the server is; nothing when left out. */
    readonly telemetry?: Telemetry;
  },
  mount: (app: Hono) => void,
): Hono {
  const app = new Hono();
  answerProblems(app, shell.report);
  app.use('*', createSecurityHeaders(shell.origin.startsWith('https:')));
  for (const path of ['/api/*', '/demo/*']) app.use(path, createApiHeaders());
  shell.telemetry?.mount(app);
  mount(app);
  for (const path of ['/api/*', '/demo/*', '/evidence/*']) {
    app.all(path, () => {
      throw new Problem('not_found', 'no such address');
    });
  }
  if (shell.appDirectory) {
    app.use('*', createOneOrigin(shell.origin));
    app.route('/', createAppFiles(shell.appDirectory));
  }
  return app;
}
