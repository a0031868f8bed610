import {
  readAccessEvent,
  verifyAccessEvent,
  type AccessEntry,
  type AccessEvent,
  type AccessLogView,
} from '#api/contract/access-event.ts';
import { verifyConsentSignature } from '#api/contract/consent.ts';
import type { ExchangeId, InstitutionId } from '#api/contract/ids.ts';
import { JoseError } from '#api/contract/jose.ts';
import { readPresenceClaims, type PresenceClaims } from '#api/contract/presence-proof.ts';
import { Problem, type ProblemDocument } from '#api/contract/problem.ts';
import type { Names } from '#lib/sharing/trusted-keys.ts';

interface Line {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly exchange: ExchangeId;
  /** The signature was verified here, by the key of whoever says it. */
  readonly isVerified: boolean;
}

/** One line of a person's access log, as it is shown. */
export type AccessLine =
  | (Line & { readonly kind: 'event'; readonly event: AccessEvent; readonly isProven: boolean })
  | (Line & { readonly kind: 'history'; readonly by: InstitutionId })
  | (Line & { readonly kind: 'withdrawal'; readonly recipient: InstitutionId | undefined });

export interface AccessLog {
  /** Newest first. */
  readonly lines: readonly AccessLine[];
  readonly missing: readonly { readonly exchange: ExchangeId; readonly problem: ProblemDocument }[];
}

/** Reads a log and verifies every line of it here: an institution's word with its key, a consent with the card's. */
export async function readAccessLog({ parts, subject }: AccessLogView, names: Names): Promise<AccessLog> {
  const lines = await Promise.all(
    parts.flatMap((part) =>
      part.kind === 'entries' ? part.entries.map((entry) => readLine(entry, part.exchange, subject, names)) : [],
    ),
  );
  return {
    // A withdrawal is known to every exchange that was told: one line for all of them.
    lines: [...new Map(lines.flatMap((line) => (line ? [[line.id, line] as const] : []))).values()].sort(
      (left, right) => right.at.localeCompare(left.at),
    ),
    missing: parts.flatMap((part) =>
      part.kind === 'missing' ? [{ exchange: part.exchange, problem: part.problem }] : [],
    ),
  };
}

async function readLine(
  entry: AccessEntry,
  exchange: ExchangeId,
  subject: string,
  names: Names,
): Promise<AccessLine | undefined> {
  try {
    return await (entry.kind === 'event'
      ? readEvent(entry, exchange, subject, names)
      : readConsent(entry.proof, exchange, subject, names));
  } catch (error) {
    // What cannot even be read says nothing that could be shown.
    if (!(error instanceof JoseError)) throw error;
    return undefined;
  }
}

async function readEvent(
  { event: jws, receipt }: Extract<AccessEntry, { kind: 'event' }>,
  exchange: ExchangeId,
  subject: string,
  names: Names,
): Promise<AccessLine> {
  const event = readAccessEvent(jws);
  const isVerified = await holds(() => verifyAccessEvent(jws, names.institutionKeys(event.iss)));
  return {
    ...{ kind: 'event', id: event.id, at: event.at, exchange, event },
    isVerified: isVerified && event.subject === subject,
    isProven: receipt?.record === jws,
  };
}

async function readConsent(
  proof: Extract<AccessEntry, { kind: 'consent' }>['proof'],
  exchange: ExchangeId,
  subject: string,
  names: Names,
): Promise<AccessLine> {
  const claims: PresenceClaims = readPresenceClaims(proof.presence);
  let isVerified = false;
  await holds(async () => {
    isVerified = (await verifyConsentSignature(proof, names.exchangeKeys)).binding.subject === subject;
  });
  const line = { id: claims.jti, at: new Date(claims.iat * 1000).toISOString(), exchange, isVerified };
  return claims.purpose === 'withdrawal'
    ? { ...line, kind: 'withdrawal', recipient: claims.withdraws?.recipient }
    : { ...line, kind: 'history', by: claims.actorId };
}

async function holds(verify: () => Promise<unknown>): Promise<boolean> {
  try {
    await verify();
    return true;
  } catch (error) {
    if (!(error instanceof JoseError || error instanceof Problem)) throw error;
    return false;
  }
}
