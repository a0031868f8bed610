import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Context } from 'hono';
import { digestBase64Url } from '../contract/encoding.ts';
import { Problem } from '../contract/problem.ts';

/** An enrolled tablet that signed in with its key. */
export interface SignedInTerminal {
  /** Thumbprint of its key. */
  readonly id: string;
  readonly name: string;
  /** It may take visits with nobody signed in. */
  readonly receives: boolean;
}

/** What routes read of the terminal that asks: `context.var.terminal`. */
export interface TerminalEnv {
  Variables: { terminal: SignedInTerminal };
}

/** The session cookie of one gateway. Cookies ignore ports, so on loopback the name holds the port. */
export interface SessionCookie {
  read(context: Context): string | undefined;
  write(context: Context, token: string, expires: Date): void;
}

/** Out of reach of scripts and of other sites; over TLS also bound to this host (RFC 6265bis §4.1.3.2). */
export function createSessionCookie(origin: string): SessionCookie {
  const { protocol, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  const name = isSecure ? '__Host-tsunagi' : `tsunagi-${port || '80'}`;
  return {
    read: (context) => getCookie(context, name),
    write(context, token, expires) {
      setCookie(context, name, token, { httpOnly: true, sameSite: 'Strict', secure: isSecure, path: '/', expires });
    },
  };
}

/** How a session's token is stored: whoever reads the database cannot sign in with it. */
export const hashToken = (token: string): string => digestBase64Url(token);

/**
 * Refuses requests that a page of another origin makes. Browsers say where a changing request comes from; programs that
 * are not browsers say nothing and carry no cookie of ours by accident.
 */
export function createOriginCheck(origin: string) {
  return createMiddleware(async (context, next) => {
    const named = context.req.header('origin');
    const site = context.req.header('sec-fetch-site');
    const isForeign = named !== undefined ? named !== origin : site === 'cross-site' || site === 'same-site';
    if (isForeign) throw new Problem('forbidden', 'a request from another origin');
    await next();
  });
}
