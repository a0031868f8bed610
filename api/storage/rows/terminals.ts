import { EcPublicJwk } from '../../contract/ec-public-jwk.ts';
import type { Terminal } from '../terminals.ts';

export interface TerminalRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly enrolled_at: number;
  /** 0 or 1. */
  readonly receives: number;
  readonly revoked_at: number | null;
}

export const toTerminal = (row: TerminalRow): Terminal => ({
  id: row.id,
  key: EcPublicJwk.parse(JSON.parse(row.key)),
  name: row.name,
  enrolledAt: new Date(row.enrolled_at),
  receives: row.receives === 1,
  revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
});
