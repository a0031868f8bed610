import type { StaffRole } from './staff-person.ts';

/** Who may make a request. */
export type Access =
  | { readonly kind: 'anyone' }
  /** Any enrolled terminal, whether somebody is signed in or not. */
  | { readonly kind: 'terminal' }
  /** Whom the route itself lets in: operators come by keys of their own (`operator-api.ts`). */
  | { readonly kind: 'operator' }
  /** The gateway's own exchange, by a signed request (`signed-request.ts`). */
  | { readonly kind: 'exchange' }
  /** A person signed in on a terminal, with one of the roles; `unattended`: also a terminal that receives by itself. */
  | { readonly kind: 'staff'; readonly roles: readonly StaffRole[]; readonly unattended: boolean };

export interface AccessRule {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As routers write it: `:name` is one segment. */
  readonly path: string;
  readonly access: Access;
}

const anyone: Access = { kind: 'anyone' };
const terminal: Access = { kind: 'terminal' };
const operator: Access = { kind: 'operator' };
const exchange: Access = { kind: 'exchange' };
const staff = (...roles: readonly StaffRole[]): Access => ({ kind: 'staff', roles, unattended: false });
const desk = (...roles: readonly StaffRole[]): Access => ({ kind: 'staff', roles, unattended: true });

const rule = (method: AccessRule['method'], path: string, access: Access): AccessRule => ({ method, path, access });

/**
 * Who may ask a gateway for what. An address that is not listed does not exist: the server refuses it, and a test fails
 * for every route without a line here.
 *
 * A terminal that receives by itself (a kiosk, a locked tablet at the counter) takes visits and enrols the card in front
 * of it. It reads nothing back but the answer to its own tap.
 */
export const GATEWAY_ACCESS: readonly AccessRule[] = [
  rule('GET', '/api/status', anyone),
  rule('POST', '/api/terminals', anyone),
  rule('POST', '/api/sessions', anyone),
  rule('GET', '/api/directory', terminal),

  rule('POST', '/api/staff/challenges', terminal),
  rule('POST', '/api/staff/sessions', terminal),
  rule('POST', '/api/staff/sessions/end', terminal),
  rule('POST', '/api/staff/first', terminal),
  rule('POST', '/api/staff/registrations/challenges', terminal),
  rule('POST', '/api/staff/registrations', terminal),
  rule('GET', '/api/staff', staff('administrator', 'auditor')),
  rule('POST', '/api/staff', staff('administrator')),
  rule('POST', '/api/staff/:id/invitations', staff('administrator')),
  rule('POST', '/api/staff/:id/changes', staff('administrator')),
  rule('GET', '/api/terminals', staff('administrator', 'auditor')),
  rule('POST', '/api/terminal-codes', staff('administrator')),
  rule('POST', '/api/terminals/:id/revocation', staff('administrator')),

  rule('POST', '/api/challenges', desk('reception', 'nurse', 'doctor')),
  rule('POST', '/api/visits', desk('reception', 'nurse', 'doctor')),
  // Taken before, by a terminal that was allowed to: handing it over needs nobody.
  rule('POST', '/api/letters', terminal),
  rule('POST', '/api/enrolments/challenges', desk('reception', 'nurse', 'doctor')),
  rule('POST', '/api/enrolments', desk('reception', 'nurse', 'doctor')),
  rule('GET', '/api/visits', staff('reception', 'nurse', 'doctor', 'records')),
  rule('GET', '/api/visit-summaries', staff('reception', 'nurse', 'doctor', 'records')),
  rule('GET', '/api/visits/:submissionId', staff('reception', 'nurse', 'doctor', 'records')),
  rule('GET', '/api/visits/:submissionId/receipt/cose', staff('reception', 'nurse', 'doctor', 'records')),

  rule('GET', '/api/beds', staff('nurse', 'doctor')),
  rule('POST', '/api/beds', staff('nurse', 'administrator')),
  rule('DELETE', '/api/beds/:id', staff('nurse', 'administrator')),
  rule('PUT', '/api/beds/:id/occupant', staff('nurse', 'doctor')),
  rule('POST', '/api/beds/:id/confirmations', staff('nurse', 'doctor')),

  rule('POST', '/api/records', staff('records', 'doctor')),
  rule('GET', '/api/records', staff('records', 'doctor', 'nurse')),

  rule('POST', '/api/histories', staff('doctor')),
  rule('POST', '/api/queries', staff('doctor')),
  rule('POST', '/api/share-requests', staff('doctor')),
  rule('GET', '/api/share-requests', staff('doctor')),
  rule('GET', '/api/share-requests/:id', staff('doctor')),

  rule('POST', '/api/share-requests/:id/dispensings', staff('doctor')),
  rule('POST', '/api/access-logs', staff('reception', 'nurse', 'doctor')),
  rule('POST', '/api/withdrawals', staff('reception', 'nurse', 'doctor')),

  rule('GET', '/api/dead-letters', staff('doctor', 'records', 'administrator')),
  rule('POST', '/api/dead-letters/:id/resend', staff('doctor', 'records', 'administrator')),
  rule('POST', '/api/dead-letters/:id/discard', staff('doctor', 'records', 'administrator')),

  rule('GET', '/api/inbox', staff('records')),
  rule('POST', '/api/inbox/:id/release', staff('records')),
  rule('POST', '/api/inbox/:id/refusal', staff('records')),
  rule('POST', '/api/inbox/:id/alarm', staff('records')),
  rule('GET', '/api/send-log', staff('records', 'auditor')),
  rule('GET', '/api/send-log/audit-events', staff('records', 'auditor')),
  rule('GET', '/api/policy', staff('records', 'administrator', 'auditor')),
  rule('PUT', '/api/policy', staff('records', 'administrator')),
  rule('POST', '/api/policy/trials', staff('records', 'administrator', 'auditor')),

  rule('POST', '/api/deliveries', exchange),

  rule('POST', '/api/operator/sessions', operator),
  rule('DELETE', '/api/operator/sessions', operator),
  rule('GET', '/api/operator/session', operator),
  rule('GET', '/api/operator/configuration', operator),
  rule('POST', '/api/operator/configuration', operator),

  // Served by the demonstration alone.
  rule('GET', '/demo/cards.json', anyone),
  rule('GET', '/demo/staff.json', anyone),
  rule('GET', '/demo/sample-bundle', staff('records', 'doctor')),
];

const PATTERNS = GATEWAY_ACCESS.map(({ method, path, access }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`),
  access,
}));

/** Who may make this request; `undefined` where no rule speaks of it. */
export function accessTo(method: string, path: string): Access | undefined {
  const asked = method === 'HEAD' ? 'GET' : method;
  return PATTERNS.find((entry) => entry.method === asked && entry.pattern.test(path))?.access;
}

/** Whether somebody with these roles may. Screens ask the same table, so that they offer nothing that is then refused. */
export function mayAsk(method: AccessRule['method'], path: string, roles: readonly StaffRole[]): boolean {
  const access = accessTo(method, path);
  return access?.kind === 'staff' ? access.roles.some((role) => roles.includes(role)) : access !== undefined;
}
