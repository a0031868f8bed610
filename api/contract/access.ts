import * as z from 'zod';
import type { Envelope, EnvelopeKind } from './envelope.ts';
import { InstitutionId, networkOf, NetworkId } from './ids.ts';

/** Something that an institution or its exchange does for others, e.g. `records`, `history`. */
export const ServiceName = z.string().regex(/^[a-z][a-z-]{1,31}$/);
export type ServiceName = z.infer<typeof ServiceName>;

/** Answering share requests: what asks, what is released, and what confirms it. */
export const RECORDS_SERVICE: ServiceName = 'records';
/** Answering a peer's question for the receipts of a person who consents. */
export const HISTORY_SERVICE: ServiceName = 'history';
export const SERVICES = [RECORDS_SERVICE, HISTORY_SERVICE] as const;

/** A network, one institution of it, or everybody whom a verified directory names. */
export const AccessParty = z.union([z.literal('*'), NetworkId, InstitutionId]);
export type AccessParty = z.infer<typeof AccessParty>;

/** Lets `from` use a service of `to`. What no rule lets pass is refused. */
export const AccessRule = z
  .strictObject({
    service: z.union([z.literal('*'), ServiceName]),
    from: AccessParty,
    to: AccessParty,
  })
  .readonly();
export type AccessRule = z.infer<typeof AccessRule>;

/** Who asks whom for what: an institution, or all of a network. */
export interface AccessQuestion {
  readonly service: ServiceName;
  readonly from: InstitutionId;
  readonly to: InstitutionId;
}

/** Whether a rule lets pass; identifiers are compared whole, never by a beginning. */
export const isAllowed = (rules: readonly AccessRule[], { service, from, to }: AccessQuestion): boolean =>
  rules.some(
    (rule) => (rule.service === '*' || rule.service === service) && covers(rule.from, from) && covers(rule.to, to),
  );

const covers = (party: AccessParty, id: string): boolean =>
  party === '*' || party === id || (id.includes('/') && party === networkOf(id));

/** What an institution sends to those who used its service, and what none but it can begin. */
const ANSWERS: readonly EnvelopeKind[] = ['release', 'refusal'];

/**
 * The uses of a service that an envelope may belong to, any of which lets it pass: an answer travels by the right of who
 * asked, and of a session's frames nobody outside can tell who answers.
 */
export function accessOf({ kind, from, to }: Pick<Envelope, 'kind' | 'from' | 'to'>): readonly AccessQuestion[] {
  const asking = { service: RECORDS_SERVICE, from, to };
  const answering = { service: RECORDS_SERVICE, from: to, to: from };
  if (kind === 'session') return [asking, answering];
  return ANSWERS.includes(kind) ? [answering] : [asking];
}
