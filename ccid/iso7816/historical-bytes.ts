/** What a card says in its historical bytes about long commands (ISO 7816-4 §8.1.1.2.7, third software function byte). */
export interface CardCapabilities {
  readonly commandChaining: boolean;
  readonly extendedLength: boolean;
}

const NOTHING: CardCapabilities = { commandChaining: false, extendedLength: false };
/** COMPACT-TLV: tag 7, card capabilities. */
const CAPABILITIES_TAG = 7;

/** Category 00 ends with three status bytes, category 80 does not; other categories are proprietary and say nothing. */
export function parseCardCapabilities(historicalBytes: Uint8Array): CardCapabilities {
  const category = historicalBytes[0];
  if (category !== 0x00 && category !== 0x80) return NOTHING;
  const end = category === 0x00 ? historicalBytes.length - 3 : historicalBytes.length;
  for (let at = 1; at < end;) {
    const header = historicalBytes[at] ?? 0;
    const length = header & 0x0f;
    const value = historicalBytes.subarray(at + 1, Math.min(at + 1 + length, end));
    const third = value[2];
    if (header >> 4 === CAPABILITIES_TAG && third !== undefined)
      return { commandChaining: (third & 0x80) !== 0, extendedLength: (third & 0x40) !== 0 };
    at += 1 + length;
  }
  return NOTHING;
}
