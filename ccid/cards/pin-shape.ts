/** What a PIN looks like. A value that cannot be right is refused before it costs a try. */
export interface PinShape {
  readonly minLength: number;
  readonly maxLength: number;
  readonly characters: 'digits' | 'digits and capitals' | 'printable';
}

const RANGES: Readonly<Record<PinShape['characters'], readonly (readonly [number, number])[]>> = {
  digits: [[0x30, 0x39]],
  'digits and capitals': [
    [0x30, 0x39],
    [0x41, 0x5a],
  ],
  printable: [[0x20, 0x7e]],
};

/** So many digits. */
export function digits(length: number): PinShape {
  return { minLength: length, maxLength: length, characters: 'digits' };
}

/**
 * Looks at the bytes and makes no string of them, which could not be wiped.
 *
 * @throws {RangeError} when the bytes have not this shape
 */
export function requirePinShape(pin: Uint8Array, shape: PinShape): void {
  const { minLength, maxLength, characters } = shape;
  const isLongEnough = pin.length >= minLength && pin.length <= maxLength;
  if (isLongEnough && pin.every((byte) => RANGES[characters].some(([from, to]) => byte >= from && byte <= to))) return;
  throw new RangeError(`a PIN of ${minLength} to ${maxLength} ${characters}`);
}
