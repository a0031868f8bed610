import { concatBytes } from '../iso7816/bytes.ts';
import type { TypeBCard } from './type-b.ts';

/** TD1 says T=0 and TD2 T=1, as PC/SC has it for everything contactless (PC/SC part 3 §3.1.3.2.3). */
const INTERFACE_BYTES = [0x80, 0x01] as const;

/** The ATR that stands for a Type B card, made as PC/SC readers make it: application data, protocol info, MBLI. */
export function typeBAtr({ applicationData, protocolInfo }: TypeBCard, mbli: number): Uint8Array<ArrayBuffer> {
  return atr(concatBytes(applicationData, protocolInfo.slice(0, 3), Uint8Array.of(mbli << 4)));
}

/** The ATR for a card of which nothing is known but that it speaks ISO 14443-4. */
export function unknownCardAtr(): Uint8Array<ArrayBuffer> {
  return atr(new Uint8Array());
}

function atr(historicalBytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = concatBytes(Uint8Array.of(0x80 | historicalBytes.length, ...INTERFACE_BYTES), historicalBytes);
  const tck = body.reduce((sum, byte) => sum ^ byte, 0);
  return concatBytes(Uint8Array.of(0x3b), body, Uint8Array.of(tck));
}
