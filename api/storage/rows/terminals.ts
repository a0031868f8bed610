import { EcPublicJwk } from '../../contract/directory.ts';
import type { Terminal } from '../terminals.ts';

export interface TerminalRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly enrolled_at: number;
}

export const toTerminal = (row: TerminalRow): Terminal => ({
  id: row.id,
  key: EcPublicJwk.parse(JSON.parse(row.key)),
  name: row.name,
  enrolledAt: new Date(row.enrolled_at),
});
