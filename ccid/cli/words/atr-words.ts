import { parseAtr, type Atr } from '../../iso7816/atr.ts';
import { encodeHex } from '../../iso7816/bytes.ts';
import { parseCardCapabilities } from '../../iso7816/historical-bytes.ts';
import { transmissionFactors } from '../../iso7816/transmission-factors.ts';

type Lines = readonly (readonly [string, string])[];

/** An answer to reset as lines of label and words (ISO 7816-3 §8); what makes no sense is said to make none. */
export function describeAtr(bytes: Uint8Array): Lines {
  let atr: Atr;
  try {
    atr = parseAtr(bytes, { isLenient: true });
  } catch (error) {
    return [['ATR', `makes no sense: ${error instanceof Error ? error.message : String(error)}`]];
  }
  return [
    ['convention', atr.convention],
    ['protocols', atr.protocols.map((protocol) => `T=${protocol}`).join(', ')],
    ['speed', speed(atr)],
    ...(atr.protocols.includes(1) ? t1(atr) : []),
    ['voltages', [5, 3, 1.8].filter((_, bit) => (atr.voltageClasses & (1 << bit)) !== 0).join(' V, ') + ' V'],
    ['historical', historical(atr.historicalBytes)],
  ];
}

function speed({ fiDi, specificMode }: Atr): string {
  const factors = transmissionFactors(fiDi);
  const ratio = factors ? `F = ${factors.f}, D = ${factors.d}` : 'reserved value';
  const mode = specificMode ? `fixed, T=${specificMode.protocol}` : 'negotiable';
  return `TA1 = ${fiDi.toString(16).padStart(2, '0')} (${ratio}), ${mode}`;
}

function t1({ t1: { ifsc, edc, bwi, cwi } }: Atr): Lines {
  return [['T=1', `IFSC ${ifsc}, ${edc.toUpperCase()}, BWI ${bwi}, CWI ${cwi}`]];
}

function historical(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'none';
  const text = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  const { commandChaining } = parseCardCapabilities(bytes);
  return `${encodeHex(bytes)} "${text}"${commandChaining ? ', joins chained commands' : ''}`;
}
