import { DEFAULT_FI_DI } from './transmission-factors.ts';

/** TA to TD of one round; a missing byte was not sent (ISO 7816-3 §8.2.3). */
export interface InterfaceBytes {
  readonly ta?: number;
  readonly tb?: number;
  readonly tc?: number;
  readonly td?: number;
}

/** What TA2 fixes: the card speaks one protocol and no PPS is possible (§8.3). */
export interface SpecificMode {
  readonly protocol: number;
  /** b8 = 0: another warm reset may change the mode. */
  readonly canChange: boolean;
  /** b5 = 1: the parameters are not those of TA1 but known beforehand. */
  readonly isImplicit: boolean;
}

/** What the first T=1 bytes give, with the standard's defaults (§11.4). */
export interface T1Parameters {
  /** Largest information field the card accepts, 1 to 254 bytes. */
  readonly ifsc: number;
  /** Character waiting integer, 0 to 15. */
  readonly cwi: number;
  /** Block waiting integer, 0 to 9. */
  readonly bwi: number;
  readonly edc: 'lrc' | 'crc';
}

/** An answer to reset, taken apart (ISO 7816-3 §8). */
export interface Atr {
  readonly bytes: Uint8Array;
  readonly convention: 'direct' | 'inverse';
  /** Round 1 first: `interfaceBytes[0].ta` is TA1. */
  readonly interfaceBytes: readonly InterfaceBytes[];
  readonly historicalBytes: Uint8Array;
  /** Transmission protocols offered, first offered first, without T=15; never empty. */
  readonly protocols: readonly number[];
  /** TA1, or 11 when there is none. */
  readonly fiDi: number;
  /** TC1; 255 asks for the shortest guard time the protocol allows. */
  readonly extraGuardTime: number;
  readonly specificMode: SpecificMode | undefined;
  /** TC2, waiting time integer of T=0; 10 when there is none. */
  readonly waitingTimeInteger: number;
  readonly t1: T1Parameters;
  /** Classes of supply voltage from the first TA for T=15: 1 = 5 V, 2 = 3 V, 4 = 1.8 V; 1 when not said. */
  readonly voltageClasses: number;
  readonly clockStop: 'none' | 'low' | 'high' | 'either';
  readonly tck: number | undefined;
}

export interface ParseAtrOptions {
  /** Accept a wrong or missing TCK and trailing bytes, as cards in the field have; the structure must still hold. */
  readonly isLenient?: boolean;
}

const T15 = 15;

/** @throws {RangeError} when the bytes are not one well-formed answer to reset */
export function parseAtr(bytes: Uint8Array, options: ParseAtrOptions = {}): Atr {
  const isLenient = options.isLenient ?? false;
  const [ts, t0] = bytes;
  if (ts !== 0x3b && ts !== 0x3f) throw new RangeError('TS is neither 3B nor 3F');
  if (t0 === undefined) throw new RangeError('an ATR without T0');
  const { rounds, next } = parseRounds(bytes, t0);
  const historicalEnd = next + (t0 & 0x0f);
  if (historicalEnd > bytes.length) throw new RangeError('truncated historical bytes');

  const announced = rounds.flatMap((round) => (round.td === undefined ? [] : [round.td & 0x0f]));
  const needsTck = announced.some((protocol) => protocol !== 0);
  const tck = needsTck ? bytes[historicalEnd] : undefined;
  if (!isLenient) checkEnd(bytes, historicalEnd, needsTck);

  const transmissionProtocols = [...new Set(announced.filter((protocol) => protocol !== T15))];
  const ta2 = rounds[1]?.ta;
  return {
    bytes: bytes.slice(),
    convention: ts === 0x3b ? 'direct' : 'inverse',
    interfaceBytes: rounds,
    historicalBytes: bytes.slice(next, historicalEnd),
    protocols: transmissionProtocols.length > 0 ? transmissionProtocols : [0],
    fiDi: rounds[0]?.ta ?? DEFAULT_FI_DI,
    extraGuardTime: rounds[0]?.tc ?? 0,
    specificMode: ta2 === undefined ? undefined : parseSpecificMode(ta2),
    waitingTimeInteger: rounds[1]?.tc ?? 10,
    t1: parseT1(firstFor(rounds, 1)),
    ...parseT15(firstFor(rounds, T15)),
    tck,
  };
}

function parseRounds(bytes: Uint8Array, t0: number): { rounds: InterfaceBytes[]; next: number } {
  const rounds: InterfaceBytes[] = [];
  let next = 2;
  const take = (isPresent: boolean): number | undefined => {
    if (!isPresent) return undefined;
    const byte = bytes[next++];
    if (byte === undefined) throw new RangeError('truncated interface bytes');
    return byte;
  };
  for (let indicator: number | undefined = t0; indicator !== undefined;) {
    const ta = take((indicator & 0x10) !== 0);
    const tb = take((indicator & 0x20) !== 0);
    const tc = take((indicator & 0x40) !== 0);
    const td = take((indicator & 0x80) !== 0);
    rounds.push({
      ...(ta !== undefined && { ta }),
      ...(tb !== undefined && { tb }),
      ...(tc !== undefined && { tc }),
      ...(td !== undefined && { td }),
    });
    indicator = td;
  }
  return { rounds, next };
}

/** TCK is there exactly when a protocol other than T=0 is announced, and makes the XOR of T0 to TCK zero (§8.2.5). */
function checkEnd(bytes: Uint8Array, historicalEnd: number, needsTck: boolean): void {
  const end = historicalEnd + (needsTck ? 1 : 0);
  if (bytes.length < end) throw new RangeError('TCK is missing');
  if (bytes.length > end) throw new RangeError('bytes behind the ATR');
  if (needsTck && bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0) !== 0) throw new RangeError('wrong TCK');
}

function parseSpecificMode(ta2: number): SpecificMode {
  return { protocol: ta2 & 0x0f, canChange: (ta2 & 0x80) === 0, isImplicit: (ta2 & 0x10) !== 0 };
}

/** Bytes of round i > 2 belong to the protocol that TD of round i - 1 named; the first occurrence counts (§8.2.3). */
function firstFor(rounds: readonly InterfaceBytes[], protocol: number): InterfaceBytes {
  const own = rounds.filter((_, i) => i >= 2 && ((rounds[i - 1]?.td ?? 0) & 0x0f) === protocol);
  const first = (key: 'ta' | 'tb' | 'tc'): number | undefined => own.find((round) => round[key] !== undefined)?.[key];
  const [ta, tb, tc] = [first('ta'), first('tb'), first('tc')];
  return { ...(ta !== undefined && { ta }), ...(tb !== undefined && { tb }), ...(tc !== undefined && { tc }) };
}

function parseT1({ ta, tb, tc }: InterfaceBytes): T1Parameters {
  // 00 and FF are reserved for IFSC; such a card gets the default, as the smallest promise.
  const ifsc = ta === undefined || ta === 0 || ta === 0xff ? 32 : ta;
  const timing = tb ?? 0x4d;
  return { ifsc, cwi: timing & 0x0f, bwi: Math.min(timing >> 4, 9), edc: ((tc ?? 0) & 1) === 1 ? 'crc' : 'lrc' };
}

const CLOCK_STOP = ['none', 'low', 'high', 'either'] as const;

function parseT15({ ta }: InterfaceBytes): Pick<Atr, 'voltageClasses' | 'clockStop'> {
  return { voltageClasses: ta === undefined ? 1 : ta & 0x3f, clockStop: CLOCK_STOP[(ta ?? 0) >> 6] ?? 'none' };
}
