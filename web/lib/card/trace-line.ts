import type { TraceEvent } from 'webusb-ccid';
import { encodeHex } from '#api/contract/hex.ts';

/**
 * One event of the card dialogue as a line of text. Holds no data of commands that may carry a PIN, and of answers only
 * size and status word: they carry names, serial numbers and what the law restricts.
 */
export function formatTraceEvent(event: TraceEvent): string {
  switch (event.kind) {
    case 'message': {
      const arrow = event.direction === 'out' ? '→' : '←';
      const state = event.bStatus === undefined ? '' : ` bStatus=${event.bStatus} bError=${event.bError ?? 0}`;
      return `${arrow} ${event.name} slot=${event.bSlot} seq=${event.bSeq} length=${event.length}${state}`;
    }
    case 'dropped':
      return `← dropped (${event.reason}) length=${event.length}`;
    case 'slot-change':
      return `← slot change ${encodeHex(event.bytes)}`;
    case 'command':
      return `  C ${encodeHex(event.bytes)}${event.isRedacted ? ' …' : ''}`;
    case 'answer':
      return `  R ${Math.max(0, event.bytes.length - 2)} bytes ${encodeHex(event.bytes.slice(-2))}`;
    case 'failure':
      return `  ! ${event.code}`;
  }
}
