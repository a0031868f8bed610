import * as z from 'zod';
import {
  PasskeyChallenge,
  PasskeyCreation,
  type PasskeyAssertion,
  type RegistrationPosting,
} from '#api/contract/passkey.ts';
import {
  StaffInvitation,
  StaffList,
  StaffMember,
  StaffSession,
  TerminalCode,
  TerminalEntry,
  TerminalList,
  type FirstStaffPosting,
  type StaffChange,
  type StaffPosting,
} from '#api/contract/staff.ts';
import { STAFF_HEADER } from '#api/contract/staff-person.ts';
import type { HttpClient, RequestOptions } from './http-client.ts';

const Nothing = z.undefined();

/** The part of a gateway's table about people and terminals: signing in, and what administrators do. */
export function createStaffRequests(http: HttpClient) {
  const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    fetchStaffChallenge: () => http.post('/api/staff/challenges', undefined, PasskeyChallenge),
    signStaffIn: (assertion: PasskeyAssertion) => http.post('/api/staff/sessions', { assertion }, StaffSession),
    endStaffSession: (token: string) =>
      http.post('/api/staff/sessions/end', undefined, Nothing, { headers: { [STAFF_HEADER]: token } }),
    addFirstStaff: (body: FirstStaffPosting) => http.post('/api/staff/first', body, StaffInvitation),
    fetchPasskeyCreation: (code: string) => http.post('/api/staff/registrations/challenges', { code }, PasskeyCreation),
    registerPasskey: (body: RegistrationPosting) => http.post('/api/staff/registrations', body, StaffSession),

    fetchStaff: (options?: RequestOptions) => http.get('/api/staff', StaffList, options),
    addStaff: (body: StaffPosting) => http.post('/api/staff', body, StaffInvitation),
    inviteStaff: (id: string) => http.post(`${at('/api/staff', id)}/invitations`, undefined, StaffInvitation),
    changeStaff: (id: string, change: StaffChange) => http.post(`${at('/api/staff', id)}/changes`, change, StaffMember),

    fetchTerminals: (options?: RequestOptions) => http.get('/api/terminals', TerminalList, options),
    createTerminalCode: (receives: boolean) => http.post('/api/terminal-codes', { receives }, TerminalCode),
    revokeTerminal: (id: string) => http.post(`${at('/api/terminals', id)}/revocation`, undefined, TerminalEntry),
  };
}
