import { createMiddleware } from 'hono/factory';
import type { Context } from 'hono';
import { accessTo, type Access } from '../contract/gateway-access.ts';
import { Problem } from '../contract/problem.ts';
import { STAFF_HEADER, type StaffPerson } from '../contract/staff-person.ts';
import { hashToken, type SessionCookie, type SignedInTerminal, type TerminalEnv } from './terminal-session.ts';

/** What routes read of who asks: `context.var.terminal`, and `context.var.person` where somebody is signed in. */
export interface StaffEnv {
  Variables: TerminalEnv['Variables'] & { person?: StaffPerson };
}

export interface AccessParts {
  readonly cookie: SessionCookie;
  readonly findTerminal: (tokenHash: string, now: Date) => Promise<SignedInTerminal | undefined>;
  readonly findPerson: (tokenHash: string, terminal: string, now: Date) => Promise<StaffPerson | undefined>;
  readonly now: () => Date;
}

/**
 * Lets a request pass as `contract/gateway-access.ts` says, before any route sees it.
 *
 * Refuses with `not_found` (no rule speaks of the address), `unauthenticated` (the terminal is not signed in),
 * `staff_required` (nobody is) or `role_missing`.
 */
export function createAccess(parts: AccessParts) {
  return createMiddleware<StaffEnv>(async (context, next) => {
    const access = accessTo(context.req.method, context.req.path);
    if (!access) throw new Problem('not_found', 'no such address, or none that contract/gateway-access.ts lists');
    // Operators and the exchange come with signatures that their routes look at.
    if (access.kind === 'terminal' || access.kind === 'staff') await admit(context, access, parts);
    await next();
  });
}

async function admit(
  context: Context<StaffEnv>,
  access: Extract<Access, { kind: 'terminal' | 'staff' }>,
  parts: AccessParts,
) {
  const { cookie, findTerminal, findPerson, now } = parts;
  const token = cookie.read(context);
  const terminal = token ? await findTerminal(hashToken(token), now()) : undefined;
  if (!terminal) throw new Problem('unauthenticated', 'sign in with the terminal first');
  context.set('terminal', terminal);
  const staffToken = context.req.header(STAFF_HEADER);
  const person = staffToken ? await findPerson(hashToken(staffToken), terminal.id, now()) : undefined;
  if (person) context.set('person', person);
  if (access.kind === 'terminal') return;
  if (access.unattended && terminal.receives) return;
  if (!person) throw new Problem('staff_required', 'somebody has to sign in');
  if (!access.roles.some((role) => person.roles.includes(role))) {
    throw new Problem('role_missing', `for ${access.roles.join(', ')}`);
  }
}
