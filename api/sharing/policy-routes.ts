import { Hono } from 'hono';
import { readAccessEvent } from '../contract/access-event.ts';
import { toAuditBundle } from '../contract/audit-event.ts';
import { PolicyChange, PolicyTrialRequest } from '../contract/policy.ts';
import { readJson } from '../http/request-body.ts';
import type { StaffEnv } from '../http/access.ts';
import type { PolicyStore } from '../storage/policies.ts';
import type { SharingParts } from './parts.ts';
import { changePolicy, tryPolicy, viewPolicy } from './policy-in-force.ts';

/**
 * The policy of a gateway and the audit of what left it, for its signed-in terminals.
 *
 * @param parts.requireFhir refuses a resource that is not valid FHIR: what we export is held to what we ask of others
 */
export function createPolicyRoutes(parts: {
  readonly sharing: SharingParts;
  readonly policies: PolicyStore;
  readonly requireFhir: (resource: object) => Promise<void>;
}): Hono<StaffEnv> {
  const { sharing, policies } = parts;
  return new Hono<StaffEnv>()
    .get('/api/policy', async (context) => context.json(await viewPolicy(policies)))
    .put('/api/policy', async (context) => {
      const posted = await readJson(context, PolicyChange);
      // Where somebody is signed in it is theirs, whatever name was typed.
      const change = { ...posted, author: context.var.person?.name ?? posted.author };
      const by = { terminal: context.var.terminal.name, at: sharing.now() };
      return context.json(await changePolicy(policies, change, by));
    })
    .post('/api/policy/trials', async (context) => {
      const { rules } = await readJson(context, PolicyTrialRequest);
      return context.json(await tryPolicy(sharing, rules));
    })
    .get('/api/send-log/audit-events', async (context) => {
      const events = (await sharing.accessOutbox.list()).map(({ jws }) => readAccessEvent(jws));
      const bundle = toAuditBundle(events);
      for (const { resource } of bundle.entry) await parts.requireFhir(resource);
      return context.body(JSON.stringify(bundle), 200, {
        'content-type': 'application/fhir+json',
        'content-disposition': 'attachment; filename="audit-events.json"',
      });
    });
}
