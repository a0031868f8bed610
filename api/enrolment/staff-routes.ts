import { Hono } from 'hono';
import { Uuidv7 } from '../contract/ids.ts';
import { InvitationPosting, RegistrationPosting, SignInPosting } from '../contract/passkey.ts';
import { FirstStaffPosting, StaffChange, StaffPosting, type StaffList } from '../contract/staff.ts';
import { STAFF_HEADER } from '../contract/staff-person.ts';
import { readJson, readParameter } from '../http/request-body.ts';
import { hashToken, type TerminalEnv } from '../http/terminal-session.ts';
import type { StaffParts } from './staff-parts.ts';
import { addFirstStaff, createRegistration, registerPasskey } from './staff-registration.ts';
import { addStaff, changeStaff, inviteStaff, toStaffMember } from './staff-roster.ts';
import { createStaffChallenge, signStaffIn } from './staff-sign-in.ts';

/** A gateway's people: signing in and out, invitations, and what an administrator does. */
export function createStaffRoutes(parts: StaffParts) {
  return new Hono<TerminalEnv>()
    .post('/api/staff/challenges', async (context) =>
      context.json(await createStaffChallenge(context.var.terminal.id, parts)),
    )
    .post('/api/staff/sessions', async (context) => {
      const { assertion } = await readJson(context, SignInPosting);
      return context.json(await signStaffIn(assertion, context.var.terminal.id, parts), 201);
    })
    .post('/api/staff/sessions/end', async (context) => {
      const token = context.req.header(STAFF_HEADER);
      if (token) await parts.staff.endSession(hashToken(token));
      return context.body(null, 204);
    })
    .post('/api/staff/first', async (context) =>
      context.json(await addFirstStaff(await readJson(context, FirstStaffPosting), parts), 201),
    )
    .post('/api/staff/registrations/challenges', async (context) => {
      const { code } = await readJson(context, InvitationPosting);
      return context.json(await createRegistration(code, context.var.terminal.id, parts));
    })
    .post('/api/staff/registrations', async (context) => {
      const posting = await readJson(context, RegistrationPosting);
      return context.json(await registerPasskey(posting, context.var.terminal.id, parts), 201);
    })
    .get('/api/staff', async (context) =>
      context.json({ members: (await parts.staff.list()).map(toStaffMember) } satisfies StaffList),
    )
    .post('/api/staff', async (context) =>
      context.json(await addStaff(await readJson(context, StaffPosting), parts), 201),
    )
    .post('/api/staff/:id/invitations', async (context) =>
      context.json(await inviteStaff(readParameter(context, 'id', Uuidv7), parts), 201),
    )
    .post('/api/staff/:id/changes', async (context) =>
      context.json(
        await changeStaff(readParameter(context, 'id', Uuidv7), await readJson(context, StaffChange), parts),
      ),
    );
}
