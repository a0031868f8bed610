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
import { parsePpsResponse } from '../../../ccid/protocol/parameters.ts';
import { parseShortAnswer } from '../../../ccid/protocol/short-form.ts';
import { parseCcidInterfaces } from '../../../ccid/readers/ccid-interface.ts';
import { parseTransparentReply } from '../../../ccid/readers/rc-s300/transparent-session.ts';
import { FrameAssembler, parseFrame } from '../../../ccid/readers/rc-s380/port100-frame.ts';
import { describeMutations } from '../mutated-input.ts';

const CLASS_DESCRIPTOR = `36 21 1001 00 07 03000000 A00F0000 E02E0000 00 002A0000 16400500 00 FE000000 00000000
  00000000 BA010100 0F010000 FF FF 0000 00 01`;

const PPS = parseHex('FF119678');

/** Every parser of the line's bytes with an input that it accepts. */
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
  'parseBlock, CRC': { parse: (bytes) => parseBlock(bytes, 'crc'), seed: '000002 00A4 661E' },
  'parseBlock, ISO-DEP': { parse: parseIsoDepBlock, seed: '02 00A4 0000' },
  parsePpsResponse: { parse: (bytes) => parsePpsResponse(PPS, bytes), seed: 'FF119678' },
  parseShortAnswer: { parse: (bytes) => parseShortAnswer(bytes, 16), seed: '010203 9000' },
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

describeMutations(
  Object.fromEntries(Object.entries(PARSERS).map(([name, { parse, seed }]) => [name, { parse, seed: parseHex(seed) }])),
);
