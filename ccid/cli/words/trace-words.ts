import { encodeHex } from '../../iso7816/bytes.ts';
import { describeStatusWord } from '../../iso7816/status-word.ts';
import { describeSlotError } from '../../protocol/slot-failure.ts';
import type { TraceEvent } from '../../protocol/trace.ts';

/** One line of a trace. */
export function traceWords(event: TraceEvent): string {
  switch (event.kind) {
    case 'message': {
      const arrow = event.direction === 'out' ? '  ->' : '  <-';
      const failed = event.bStatus !== undefined && (event.bStatus & 0xc0) !== 0 ? `, ${status(event)}` : '';
      return `${arrow} ${event.name}  slot ${event.bSlot}, number ${event.bSeq}, ${event.length} bytes${failed}`;
    }
    case 'dropped':
      return `  <- ${event.length} bytes dropped: ${event.reason}`;
    case 'slot-change':
      return `  <- slot change ${encodeHex(event.bytes)}`;
    case 'command':
      return `> ${encodeHex(event.bytes)}${event.isRedacted ? ' ********' : ''}`;
    case 'answer': {
      const sw = ((event.bytes.at(-2) ?? 0) << 8) | (event.bytes.at(-1) ?? 0);
      return `< ${encodeHex(event.bytes)}  ${describeStatusWord(sw)}`;
    }
    case 'failure':
      return `! ${event.code}`;
  }
}

function status({ bStatus = 0, bError = 0 }: TraceEvent & { kind: 'message' }): string {
  return (bStatus & 0x80) !== 0 ? 'asks for more time' : describeSlotError(bError);
}
