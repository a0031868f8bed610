import { CardError } from '../errors.ts';
import { typeBAtr } from './contactless-atr.ts';
import { IsoDep } from './iso-dep.ts';
import type { RawFramePort } from './raw-frame-port.ts';
import { encodeAttrib, parseAttribRes, parseProtocolInfo, parseSensbRes, type TypeBCard } from './type-b.ts';

/** A card that is ready for commands. */
export interface ActivatedCard {
  readonly atr: Uint8Array;
  readonly isoDep: IsoDep;
}

const POLL_TIMEOUT_MS = 30;
const POLL_ATTEMPTS = 3;
const ATTRIB_ATTEMPTS = 3;
const ATTRIB_MARGIN_MS = 5;

/** The Type B card in the field, or `undefined`. @throws {CardError} about the reader */
export async function pollTypeB(port: RawFramePort, request: Uint8Array): Promise<TypeBCard | undefined> {
  for (let attempt = 0; attempt < POLL_ATTEMPTS; attempt++) {
    const outcome = await port.exchange(request, POLL_TIMEOUT_MS);
    if (outcome.kind !== 'frame') continue;
    try {
      return parseSensbRes(outcome.bytes);
    } catch {
      // Two cards that answer at once, or noise.
    }
  }
  return undefined;
}

/**
 * Polls and selects a Type B card (ISO 14443-3 §7).
 *
 * @throws {CardError} `card_absent`, `card_mute` when it answers the poll and not ATTRIB, `card_unsupported` when it does
 *   not speak ISO 14443-4, and about the reader
 */
export async function activateTypeB(port: RawFramePort, request: Uint8Array): Promise<ActivatedCard> {
  const card = await pollTypeB(port, request);
  if (!card) throw new CardError('card_absent', 'no Type B card in the field');
  const protocol = parseProtocolInfo(card.protocolInfo);
  if (!protocol.supportsIsoDep) throw new CardError('card_unsupported', 'the card does not speak ISO 14443-4');
  const mbli = await select(port, card, protocol.fwtMs);
  return { atr: typeBAtr(card, mbli), isoDep: new IsoDep(port, protocol) };
}

async function select(port: RawFramePort, { pupi }: TypeBCard, fwtMs: number): Promise<number> {
  for (let attempt = 0; attempt < ATTRIB_ATTEMPTS; attempt++) {
    const outcome = await port.exchange(encodeAttrib(pupi), Math.ceil(fwtMs) + ATTRIB_MARGIN_MS);
    if (outcome.kind !== 'frame') continue;
    try {
      return parseAttribRes(outcome.bytes).mbli;
    } catch {
      // Asked again.
    }
  }
  throw new CardError('card_mute', 'the card does not answer ATTRIB');
}
