import type { StaffStore } from '../storage/staff.ts';
import { createCode } from './one-time-code.ts';

/**
 * The first start of an institution: until an administrator has a passkey, whoever reads the server's console lets the
 * first terminal and the first person in with the code that it printed. The code lives in memory and ends with its need.
 */
export interface SetUp {
  /** The code while somebody is still needed. */
  code(): string | undefined;
  /** Looks again whether there is an administrator. */
  refresh(): Promise<void>;
}

/** @param isForced a code is given all the same: every administrator lost their passkey, and somebody restarted the server so */
export async function openSetUp(staff: StaffStore, isForced = false): Promise<SetUp> {
  const code = createCode();
  let administrators = await staff.countAdministrators();
  const before = administrators;
  return {
    code: () => (administrators === 0 || (isForced && administrators <= before) ? code : undefined),
    async refresh() {
      administrators = await staff.countAdministrators();
    },
  };
}
