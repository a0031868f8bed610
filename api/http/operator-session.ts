import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Context } from 'hono';
import * as z from 'zod';
import { JoseError, readClaims, signClaims, thumbprint, verifyClaims, type SigningKey } from '../contract/jose.ts';
import { findAmong } from '../contract/keys-by-thumbprint.ts';
import { Base64Url32 } from '../contract/ids.ts';
import { OperatorLinkClaims, OperatorName, operatorIssuer, type Operator } from '../contract/operator-api.ts';
import { Problem } from '../contract/problem.ts';
import { SIGNED_REQUEST_HEADER, verifyRequest } from '../contract/signed-request.ts';
import { readBody } from './request-body.ts';
import type { RequestMemory } from './request-memory.ts';

/** What routes behind the guard read: `context.var.operator`. */
export interface OperatorEnv {
  Variables: { operator: { readonly name: string; readonly expires: Date | null } };
}

export interface OperatorSessionParts {
  /** Exchange or institution id of this server. */
  readonly self: string;
  readonly origin: string;
  readonly operators: readonly Operator[];
  /** The server's own: signs the cookies, so that they outlive a restart. */
  readonly key: SigningKey;
  readonly memory: RequestMemory;
  readonly now: () => Date;
}

const SessionClaims = z.object({
  sub: OperatorName,
  aud: z.string(),
  /** The operator's key at sign-in: another key in the configuration ends the session. */
  kid: Base64Url32,
  exp: z.number().int().positive(),
});

const SESSION_HOURS = 12;

export type OperatorSessions = ReturnType<typeof createOperatorSessions>;

/** Who runs this server: by a signed request, or by a cookie that a signed link was exchanged for. */
export function createOperatorSessions(parts: OperatorSessionParts) {
  const { self, operators, key, memory, now } = parts;
  const { protocol, port } = new URL(parts.origin);
  const isSecure = protocol === 'https:';
  // Cookies ignore ports, so on loopback the name holds the port.
  const cookieName = isSecure ? '__Host-tsunagi-operator' : `tsunagi-operator-${port || '80'}`;
  const find = (name: string) => operators.find((operator) => operator.name === name);
  const keysOf = (name: string) => {
    const operator = find(name);
    return findAmong(operator ? [operator.key] : []);
  };

  async function bySignature(context: Context, signature: string) {
    const { pathname, search } = new URL(context.req.url);
    const facts = { method: context.req.method, path: pathname + search, body: await readBody(context) };
    const { iss, jti } = await verifyRequest(signature, facts, {
      aud: self,
      now: now(),
      findKey: (id) => keysOf(id.startsWith('operator:') ? id.slice('operator:'.length) : ''),
    });
    if (!(await memory.remember(`${iss} ${jti}`, now())))
      throw new Problem('unauthenticated', 'the request came before');
    return { name: iss.slice(operatorIssuer('').length), expires: null };
  }

  async function byCookie(context: Context) {
    const cookie = getCookie(context, cookieName);
    if (cookie === undefined) throw new Problem('unauthenticated', 'for operators of this server');
    requireOwnPage(context);
    const { sub, aud, kid, exp } = await verified(() =>
      verifyClaims(cookie, {
        typ: 'operator-session+jwt',
        claims: SessionClaims,
        findKey: findAmong([key.publicJwk]),
      }),
    );
    const operator = find(sub);
    const isCurrent = operator && (await thumbprint(operator.key)) === kid && exp * 1000 > now().getTime();
    if (aud !== self || !isCurrent) throw new Problem('unauthenticated', 'the session has ended');
    return { name: sub, expires: new Date(exp * 1000) };
  }

  /** Browsers say where a changing request comes from; the cookie is kept from other sites besides. */
  function requireOwnPage(context: Context): void {
    const named = context.req.header('origin');
    if (named !== undefined && named !== parts.origin) throw new Problem('forbidden', 'a request from another origin');
  }

  return {
    /** Lets only operators pass; refuses with `unauthenticated`. */
    guard: createMiddleware<OperatorEnv>(async (context, next) => {
      const signature = context.req.header(SIGNED_REQUEST_HEADER);
      context.set('operator', await (signature ? bySignature(context, signature) : byCookie(context)));
      await next();
    }),
    /** Exchanges a link for the cookie; a link works once. @throws {Problem} `unauthenticated` */
    async open(context: Context, link: string): Promise<void> {
      requireOwnPage(context);
      const { iss, aud, exp, jti } = await verified(() =>
        verifyClaims(link, {
          typ: 'operator-link+jwt',
          claims: OperatorLinkClaims,
          findKey: keysOf(readClaims(link, OperatorLinkClaims).iss),
        }),
      );
      const operator = find(iss);
      const isGood = operator && aud === self && exp * 1000 > now().getTime();
      if (!isGood || !(await memory.remember(`link ${iss} ${jti}`, now()))) {
        throw new Problem('unauthenticated', 'the link has expired or was used');
      }
      const expires = new Date(now().getTime() + SESSION_HOURS * 3_600_000);
      const claims = { sub: iss, aud: self, kid: await thumbprint(operator.key), exp: Math.floor(+expires / 1000) };
      const token = await signClaims('operator-session+jwt', claims, key);
      setCookie(context, cookieName, token, {
        ...{ httpOnly: true, sameSite: 'Strict', secure: isSecure, path: '/', expires },
      });
    },
    end: (context: Context) => void deleteCookie(context, cookieName, { path: '/', secure: isSecure }),
  };
}

async function verified<T>(verify: () => Promise<{ readonly claims: T }>): Promise<T> {
  try {
    return (await verify()).claims;
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('unauthenticated', cause.code, { cause });
  }
}
