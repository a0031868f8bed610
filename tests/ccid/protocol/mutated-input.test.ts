import { describe, expect, it } from 'vitest';
import { parseCommand, parseResponse } from '../../../ccid/iso7816/apdu.ts';
import { parseBlock as parseIsoDepBlock } from '../../../ccid/isodep/block.ts';
import { parseAttribRes, parseProtocolInfo, parseSensbRes } from '../../../ccid/isodep/type-b.ts';
import { parseAtr } from '../../../ccid/iso7816/atr.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { parseCardCapabilities } from '../../../ccid/iso7816/historical-bytes.ts';
import { parseTlvHeader, parseTlvs } from '../../../ccid/iso7816/tlv.ts';
import { parseClassDescriptor } from '../../../ccid/protocol/class-descriptor.ts';
import { parseInterrupt } from '../../../ccid/protocol/interrupts.ts';
import { MessageAssembler } from '../../../ccid/protocol/message-assembler.ts';
import { parseReply } from '../../../ccid/protocol/replies.ts';
import { parseBlock } from '../../../ccid/protocol/t1-block.ts';
import { parseCcidInterfaces } from '../../../ccid/readers/ccid-interface.ts';
import { parseTransparentReply } from '../../../ccid/readers/rc-s300/transparent-session.ts';
import { FrameAssembler, parseFrame } from '../../../ccid/readers/rc-s380/port100-frame.ts';

/** `MUTATED_INPUTS=1000000 npx vitest run tests/ccid/protocol/mutated-input.test.ts` is the long run. */
const RUNS = Number(process.env.MUTATED_INPUTS ?? 5000);

const CLASS_DESCRIPTOR = `36 21 1001 00 07 03000000 A00F0000 E02E0000 00 002A0000 16400500 00 FE000000 00000000
  00000000 BA010100 0F010000 FF FF 0000 00 01`;

/** Every parser of the library with an input that it accepts. */
const PARSERS: Record<string, { parse: (bytes: Uint8Array) => unknown; seed: string }> = {
  parseCommand: { parse: parseCommand, seed: '00 88 00 00 00 0003 010203 0101' },
  parseResponse: { parse: parseResponse, seed: '010203 9000' },
  parseAtr: { parse: parseAtr, seed: '3BF59100FF918171FE400042000100D1D6' },
  'parseAtr, lenient': {
    parse: (bytes) => parseAtr(bytes, { isLenient: true }),
    seed: '3BDA13FF8131FB468012392F31C173C601C03B',
  },
  parseCardCapabilities: { parse: parseCardCapabilities, seed: '00 31C5 730000C0 009000' },
  parseTlvs: { parse: parseTlvs, seed: '6F 0E 84 0A D392F000260100000001 A5 00' },
  parseTlvHeader: { parse: parseTlvHeader, seed: '30 82 0545 308203' },
  parseReply: { parse: parseReply, seed: '80 05000000 00 02 00 00 10 010203 9000' },
  MessageAssembler: {
    parse: (bytes) => new MessageAssembler(300, 64).add(bytes),
    seed: '80 05000000 00 02 00 00 10 010203 9000',
  },
  parseInterrupt: { parse: parseInterrupt, seed: '50 03 00' },
  parseClassDescriptor: { parse: parseClassDescriptor, seed: CLASS_DESCRIPTOR },
  parseCcidInterfaces: {
    parse: parseCcidInterfaces,
    seed: `09 02 5D00 01 01 00 80 32 09 04 00 00 03 FF 00 00 00 ${CLASS_DESCRIPTOR}
      07 05 01 02 4000 00 07 05 82 02 4000 00 07 05 83 03 0800 10`,
  },
  'parseBlock, LRC': { parse: (bytes) => parseBlock(bytes, 'lrc'), seed: '000002 00A4 A6' },
  'parseBlock, CRC': { parse: (bytes) => parseBlock(bytes, 'crc'), seed: '000002 00A4 0000' },
  'parseBlock, ISO-DEP': { parse: parseIsoDepBlock, seed: '02 00A4 0000' },
  parseSensbRes: { parse: parseSensbRes, seed: '50 E8253EEC 00000011 008185' },
  parseProtocolInfo: { parse: parseProtocolInfo, seed: '008185' },
  parseAttribRes: { parse: parseAttribRes, seed: '00' },
  parseFrame: { parse: parseFrame, seed: '0000FFFFFF0600FAD70580000000A400' },
  FrameAssembler: {
    parse: (bytes) => new FrameAssembler().add(bytes),
    seed: '0000FF00FF00 0000FFFFFF0600FAD70580000000A400',
  },
  parseTransparentReply: {
    parse: parseTransparentReply,
    seed: 'C003009000 920100 96020000 9703 029000 9000',
  },
};

/** A generator of numbers below 2³² that is the same in every run (xorshift32). */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(seed: Uint8Array, below: (limit: number) => number): Uint8Array {
  let bytes = [...seed];
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length + 1);
    switch (below(5)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        bytes[at] = below(256);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes.splice(at, 0, ...Array.from({ length: 1 + below(8) }, () => below(256)));
        break;
      default:
        bytes.splice(at, 1 + below(4));
    }
  }
  return Uint8Array.from(bytes);
}

describe.each(Object.entries(PARSERS))('%s', (name, { parse, seed }) => {
  it(`accepts or refuses ${RUNS} mutated inputs, and looks at nothing else`, { timeout: 600_000 }, () => {
    const original = parseHex(seed);
    const below = sequence(name.length * 7919 + 1);
    for (let run = 0; run < RUNS; run++) {
      const mutated = mutate(original, below);
      // The same bytes inside a larger buffer: reading past their end would show in the result.
      const room = new Uint8Array(mutated.length + 64).fill(0xff);
      room.set(mutated, 32);
      const [alone, inside] = [outcome(parse, mutated), outcome(parse, room.subarray(32, 32 + mutated.length))];
      if (alone !== inside) expect(inside, `run ${run}`).toBe(alone);
    }
  });
});

function outcome(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string {
  try {
    return (
      JSON.stringify(parse(bytes), (_, value: unknown) => (value instanceof Uint8Array ? [...value].join() : value)) ??
      ''
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `refused: ${error.message}`;
  }
}
