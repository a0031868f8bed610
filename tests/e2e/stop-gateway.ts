import { existsSync, readFileSync } from 'node:fs';
import { RESTARTED_PID_FILE } from './gateway-process.ts';

/** Ends the gateway that a test brought back; the demo's own end with the demo. */
export default function stopGateway(): void {
  if (!existsSync(RESTARTED_PID_FILE)) return;
  try {
    process.kill(Number(readFileSync(RESTARTED_PID_FILE, 'utf8')));
  } catch {
    // It has ended already.
  }
}
