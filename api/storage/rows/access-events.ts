import type { AccessAction } from '../../contract/access-event.ts';
import type { StoredAccessEvent } from '../access-events.ts';

export interface AccessEventRow {
  readonly subject: string;
  readonly leaf: number;
  readonly id: string;
  readonly institution: string;
  readonly action: AccessAction;
  readonly at: number;
  readonly event: string;
  readonly salt: Uint8Array;
}

export const toAccessEvent = ({ at, salt, ...row }: AccessEventRow): StoredAccessEvent => ({
  ...row,
  at: new Date(at),
  salt: new Uint8Array(salt),
});
