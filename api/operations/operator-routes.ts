import { Hono } from 'hono';
import type { ExchangeStatus } from '../contract/exchange-status.ts';
import { ExchangeId } from '../contract/ids.ts';
import {
  OperatorSessionRequest,
  type ConfigurationState,
  type OperatorSession,
  type PeerDiagnosis,
} from '../contract/operator-api.ts';
import { Problem } from '../contract/problem.ts';
import type { OperatorEnv, OperatorSessions } from '../http/operator-session.ts';
import { readJson, readParameter } from '../http/request-body.ts';
import type { ServerControl } from '../app/runnable-app.ts';

export interface OperatorRoutesOptions {
  readonly sessions: OperatorSessions;
  /** The process around; without it nothing can be read anew. */
  readonly control?: ServerControl | undefined;
  /** An exchange's; a gateway has none. */
  readonly readStatus?: () => Promise<ExchangeStatus>;
  readonly testPeer?: (id: ExchangeId) => Promise<PeerDiagnosis | undefined>;
}

/** What a server answers to its operators (`contract/operator-api.ts`). */
export function createOperatorRoutes({ sessions, control, readStatus, testPeer }: OperatorRoutesOptions) {
  const app = new Hono<OperatorEnv>();
  const { guard } = sessions;
  app.post('/api/operator/sessions', async (context) => {
    const { link } = await readJson(context, OperatorSessionRequest);
    await sessions.open(context, link);
    return context.body(null, 204);
  });
  app.delete('/api/operator/sessions', guard, (context) => {
    sessions.end(context);
    return context.body(null, 204);
  });
  app.get('/api/operator/session', guard, (context) => {
    const { name, expires } = context.var.operator;
    return context.json({ operator: name, expires: expires?.toISOString() ?? null } satisfies OperatorSession);
  });
  if (control) {
    const configuration = (): ConfigurationState => control.configuration();
    app.get('/api/operator/configuration', guard, (context) => context.json(configuration()));
    app.post('/api/operator/configuration', guard, async (context) => {
      await control.reload();
      return context.json(configuration(), 202);
    });
  }
  if (readStatus) app.get('/api/operator/status', guard, async (context) => context.json(await readStatus()));
  if (testPeer) {
    app.post('/api/operator/peers/:id/test', guard, async (context) => {
      const diagnosis = await testPeer(readParameter(context, 'id', ExchangeId));
      if (!diagnosis) throw new Problem('not_found', 'no such peer');
      return context.json(diagnosis);
    });
  }
  return app;
}
