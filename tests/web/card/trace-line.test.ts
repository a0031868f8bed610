import { expect, it } from 'vitest';
import { formatTraceEvent } from '#lib/card/trace-line.ts';

it('shows a command, and of one that may hold a PIN the header alone', () => {
  expect(formatTraceEvent({ kind: 'command', bytes: Uint8Array.of(0, 0xb0, 0, 0, 0), isRedacted: false })).toBe(
    '  C 00b0000000',
  );
  expect(formatTraceEvent({ kind: 'command', bytes: Uint8Array.of(0, 0x20, 0, 0x98), isRedacted: true })).toBe(
    '  C 00200098 …',
  );
});

it('names messages as the specification does', () => {
  const event = {
    kind: 'message',
    direction: 'in',
    name: 'RDR_to_PC_DataBlock',
    bSlot: 0,
    bSeq: 3,
    length: 2,
  } as const;
  expect(formatTraceEvent({ ...event, bStatus: 0, bError: 0 })).toBe(
    '← RDR_to_PC_DataBlock slot=0 seq=3 length=2 bStatus=0 bError=0',
  );
});
