import { Hono } from 'hono';
import { ChallengeRequest } from '../contract/challenge.ts';
import { readJson } from '../http/request-body.ts';
import type { CallerEnv } from '../http/signed-caller.ts';
import type { PresenceStore } from '../storage/presence.ts';
import { issueChallenge } from './challenges.ts';

/** An exchange's challenges, for its members. */
export function createChallengeRoutes(parts: { readonly store: PresenceStore; readonly now: () => Date }) {
  return new Hono<CallerEnv>().post('/api/challenges', async (context) => {
    const request = await readJson(context, ChallengeRequest);
    const institution = context.var.caller.id;
    return context.json(await issueChallenge({ ...request, institution }, parts.store, parts.now()));
  });
}
