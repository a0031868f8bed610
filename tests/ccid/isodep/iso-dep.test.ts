import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { CardError, encodeCommand } from '../../../ccid/index.ts';
import { activateTypeB } from '../../../ccid/isodep/activate-type-b.ts';
import { encodeBlock, parseBlock, type Block } from '../../../ccid/isodep/block.ts';
import { Conversation } from '../../../ccid/isodep/conversation.ts';
import { IsoDep } from '../../../ccid/isodep/iso-dep.ts';
import { SENSB_REQ } from '../../../ccid/isodep/type-b.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import type { FrameFault } from '../../../ccid/simulated/devices/contactless-faults.ts';
import { expectedAnswer } from '../readers/test-card.ts';
import { createAir, type Air } from './simulated-air.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 11 + length) & 0xff);
const command = (nc: number, ne?: number): Uint8Array =>
  encodeCommand({
    cla: 0,
    ins: 0x88,
    p1: 1,
    p2: 2,
    ...(nc > 0 && { data: bytes(nc) }),
    ...(ne !== undefined && { ne }),
  });

const COMMANDS = [command(0), command(0, 256), command(100), command(600), command(300, 700), command(65_535, 65_536)];

async function activate(air: Air): Promise<IsoDep> {
  return (await activateTypeB(air.port, SENSB_REQ)).isoDep;
}

async function outcome(isoDep: IsoDep, apdu: Uint8Array): Promise<string> {
  try {
    return Buffer.compare(await isoDep.transmit(apdu), expectedAnswer(apdu)) === 0 ? 'right' : 'WRONG';
  } catch (error) {
    return error instanceof CardError ? error.code : `UNEXPECTED ${String(error)}`;
  }
}

/** Field off and on, activate, one command. */
async function expectNextToWork(air: Air, what: string): Promise<void> {
  air.faults.clear();
  air.field.switch(false);
  air.field.switch(true);
  expect(await outcome(await activate(air), command(0, 100)), `next after ${what}`).toBe('right');
}

describe('a block', () => {
  const number = fc.constantFrom(0 as const, 1 as const);
  const block: fc.Arbitrary<Block> = fc.oneof(
    fc.record({ kind: fc.constant('I' as const), number, more: fc.boolean(), inf: fc.uint8Array({ maxLength: 253 }) }),
    fc.record({ kind: fc.constantFrom('R-ACK' as const, 'R-NAK' as const), number }),
    fc.record({
      kind: fc.constant('S-WTX' as const),
      wtxm: fc.integer({ min: 1, max: 59 }),
      powerLevel: fc.integer({ min: 0, max: 3 }),
    }),
    fc.record({ kind: fc.constant('S-DESELECT' as const) }),
  );

  it('has the bytes of ISO 14443-4', () => {
    expect(encodeBlock({ kind: 'I', number: 1, more: true, inf: bytes(2) })).toEqual(parseHex('13 02 0D'));
    expect(encodeBlock({ kind: 'R-ACK', number: 0 })).toEqual(parseHex('A2'));
    expect(encodeBlock({ kind: 'R-NAK', number: 1 })).toEqual(parseHex('B3'));
    expect(encodeBlock({ kind: 'S-WTX', wtxm: 59, powerLevel: 0 })).toEqual(parseHex('F2 3B'));
    expect(encodeBlock({ kind: 'S-DESELECT' })).toEqual(parseHex('C2'));
  });

  it('comes back from its bytes, and the bytes from it', () => {
    fc.assert(
      fc.property(block, (value) => {
        expect(parseBlock(encodeBlock(value))).toEqual({ ...value });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (frame) => {
        let parsed: Block;
        try {
          parsed = parseBlock(frame);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(encodeBlock(parsed)).toEqual(frame);
      }),
    );
  });

  it.each(['', '0A 00', '06', 'A2 00', 'F2', 'F2 00', 'F2 3C', 'C2 00', 'E2', '22', 'FF'])('is not %s', (hex) => {
    expect(() => parseBlock(parseHex(hex))).toThrow(RangeError);
  });
});

describe('a conversation', () => {
  it('never throws and never ends wrongly, whatever the card sends', () => {
    const frames = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 6 }),
        fc.constantFrom('A2', 'A3', 'B2', 'F201', 'C2', '0201', '1201', '1301', '0301').map(parseHex),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(frames, fc.integer({ min: 0, max: 40 }), (heard, length) => {
        const conversation = new Conversation(bytes(length), 0, 13);
        let step = conversation.start();
        for (const frame of heard) {
          if (step.kind !== 'send') break;
          step = conversation.receive({ kind: 'frame', bytes: frame });
        }
        if (step.kind === 'failure') expect(step.error).toBeInstanceOf(CardError);
      }),
    );
  });

  it('sends no command again unless the card says that it lacks it', () => {
    const conversation = new Conversation(bytes(5), 0, 250);
    conversation.start();
    // R(ACK) of a card that waits for block 0, but nobody asked: an echo of what was before.
    const step = conversation.receive({ kind: 'frame', bytes: parseHex('A3') });
    expect(step).toMatchObject({ kind: 'send', frame: parseHex('B2') });
    expect(conversation.receive({ kind: 'frame', bytes: parseHex('A3') })).toMatchObject({
      kind: 'send',
      frame: encodeBlock({ kind: 'I', number: 0, more: false, inf: bytes(5) }),
    });
  });
});

describe.each([0, 2, 5, 8])('a card with frame size code %i', (frameSizeCode) => {
  it('is chained to and from', async () => {
    const air = createAir({ frameSizeCode });
    const isoDep = await activate(air);
    for (const apdu of COMMANDS) expect(await outcome(isoDep, apdu)).toBe('right');
    expect(air.card.commands).toEqual(COMMANDS);
    expect(await isoDep.isPresent()).toBe(true);
    await isoDep.deselect();
    expect(await isoDep.isPresent()).toBe(false);
  });

  it('gets more time when it asks, also between the blocks of a response', async () => {
    const air = createAir({ frameSizeCode, waits: { count: 3, multiplier: 10 } });
    const isoDep = await activate(air);
    air.sent.length = 0;
    expect(await outcome(isoDep, command(300, 700))).toBe('right');
    const granted = air.sent.filter(({ frame }) => frame[0] === 0xf2);
    expect(granted.map(({ frame }) => frame)).toEqual(granted.map(() => parseHex('F2 0A')));
    expect(granted.length).toBe(9);
    const usual = air.sent.find(({ frame }) => frame[0] !== 0xf2)?.timeoutMs ?? 0;
    expect(usual).toBe(Math.ceil(((256 * 16) / 13_560) * 2 ** 8) + 4);
    expect(granted[0]?.timeoutMs).toBe(Math.ceil(((256 * 16) / 13_560) * 2 ** 8 * 10) + 4);
  });
});

describe('on a bad line', () => {
  const FAULTS: readonly FrameFault[] = [
    'lost-command',
    'corrupt-command',
    'lost-answer',
    'corrupt-answer',
    'duplicate-answer',
    'wrong-number',
    'nonsense',
  ];
  const SOME = [command(0), command(0, 256), command(30), command(300, 700)];

  it('asks again for what was disturbed once, twice or three times', async () => {
    for (const waits of [
      { count: 0, multiplier: 1 },
      { count: 1, multiplier: 2 },
    ]) {
      const air = createAir({ frameSizeCode: 5, waits });
      const isoDep = await activate(air);
      for (const fault of FAULTS)
        for (const apdu of SOME)
          for (let first = 0; first < 9; first++)
            for (const times of fault === 'wrong-number' ? [1] : [1, 2, 3]) {
              for (let i = 0; i < times; i++) air.faults.onFrame(fault, first + i);
              air.card.commands.length = 0;
              expect(await outcome(isoDep, apdu), `${times} × ${fault} at ${first}`).toBe('right');
              expect(air.card.commands, `${times} × ${fault} at ${first}`).toEqual([apdu]);
              air.faults.clear();
            }
    }
  });

  it('never gives a wrong answer nor sends a command twice when two different things go wrong', async () => {
    const air = createAir({ frameSizeCode: 5 });
    // A wrong number behind a right CRC is a lying card: once it is found out, twice nothing helps.
    const noise = FAULTS.filter((fault) => fault !== 'wrong-number' && fault !== 'duplicate-answer');
    for (const one of noise)
      for (const other of noise)
        for (const first of [0, 1, 4, 6])
          for (const gap of [1, 2, 3]) {
            const what = `${one} at ${first}, ${other} ${gap} later`;
            air.faults.clear();
            air.field.switch(false);
            air.field.switch(true);
            const isoDep = await activate(air);
            air.faults.onFrame(one, first);
            air.faults.onFrame(other, first + gap);
            air.card.commands.length = 0;
            expect(['right', 'protocol_error', 'card_mute'], what).toContain(await outcome(isoDep, command(100, 400)));
            expect(air.card.commands.length, what).toBe(1);
          }
  });

  it('gives up when the line stays bad, and works with the card activated anew', async () => {
    const air = createAir({ frameSizeCode: 5 });
    for (const fault of FAULTS)
      for (const first of [0, 2, 5]) {
        const isoDep = await activate(air);
        for (let i = first; i < 60; i++) air.faults.onFrame(fault, i);
        const isSilent = fault.startsWith('lost') || fault === 'corrupt-command';
        const got = await outcome(isoDep, command(300, 700));
        // An echo that repeats for ever is the right block in the end.
        const codes = fault === 'duplicate-answer' ? ['protocol_error', 'card_mute', 'right'] : ['protocol_error'];
        expect(isSilent ? ['card_mute'] : codes, `${fault} from ${first}`).toContain(got);
        await expectNextToWork(air, fault);
        air.field.switch(false);
        air.field.switch(true);
      }
  });

  it('ends a storm of requests for time', async () => {
    const air = createAir({ waits: { count: Number.POSITIVE_INFINITY, multiplier: 59 } });
    expect(await outcome(await activate(air), command(0))).toBe('timeout');
    const impatient = createAir({ waitingTimeInteger: 0, waits: { count: Number.POSITIVE_INFINITY, multiplier: 1 } });
    expect(await outcome(await activate(impatient), command(0))).toBe('timeout');
  });

  it('ends a response without end', async () => {
    let number = 0;
    const endless = new IsoDep(
      {
        frameLengthMax: 254,
        exchange: () =>
          Promise.resolve({ kind: 'frame', bytes: Uint8Array.of(0x12 | (number++ & 1), ...new Uint8Array(250)) }),
      },
      { fsc: 256, fwtMs: 77 },
    );
    expect(await outcome(endless, command(0))).toBe('protocol_error');
    const empty = new IsoDep(
      { frameLengthMax: 254, exchange: () => Promise.resolve({ kind: 'frame', bytes: Uint8Array.of(0x12) }) },
      { fsc: 256, fwtMs: 77 },
    );
    expect(await outcome(empty, command(0))).toBe('protocol_error');
  });
});
