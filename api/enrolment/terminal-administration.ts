import { Hono } from 'hono';
import { Base64Url32 } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import { TerminalCodePosting, type TerminalCode, type TerminalEntry, type TerminalList } from '../contract/staff.ts';
import { readJson, readParameter } from '../http/request-body.ts';
import type { Terminal, TerminalStore } from '../storage/terminals.ts';
import { createCode, hashCode, readCode } from './one-time-code.ts';

/** Somebody stands at the new terminal while the code is read out. */
const CODE_MS = 15 * 60_000;

/** What an administrator does with terminals: let one in, see them all, turn one away. */
export function createTerminalAdministrationRoutes(parts: {
  readonly terminals: TerminalStore;
  readonly now: () => Date;
}): Hono {
  const { terminals, now } = parts;
  return new Hono()
    .get('/api/terminals', async (context) =>
      context.json({ terminals: (await terminals.list()).map(toEntry) } satisfies TerminalList),
    )
    .post('/api/terminal-codes', async (context) => {
      const { receives } = await readJson(context, TerminalCodePosting);
      const code = createCode();
      const expires = new Date(now().getTime() + CODE_MS);
      await terminals.saveCode({ hash: hashCode(readCode(code) ?? ''), receives, expires });
      return context.json({ code, expires: expires.toISOString() } satisfies TerminalCode, 201);
    })
    .post('/api/terminals/:id/revocation', async (context) => {
      const revoked = await terminals.revoke(readParameter(context, 'id', Base64Url32), now());
      if (!revoked) throw new Problem('not_found', 'no such terminal');
      return context.json(toEntry(revoked));
    });
}

const toEntry = ({ id, name, enrolledAt, receives, revokedAt }: Terminal): TerminalEntry => ({
  terminal: id,
  name,
  enrolledAt: enrolledAt.toISOString(),
  receives,
  revokedAt: revokedAt?.toISOString() ?? null,
});
