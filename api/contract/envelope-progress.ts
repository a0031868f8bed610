import { ENVELOPE_STATES, type EnvelopeState } from './envelope.ts';

/** States after which nothing follows. */
const FINAL: readonly EnvelopeState[] = ['acknowledged', 'expired', 'refused'];

export const isFinalState = (state: EnvelopeState): boolean => FINAL.includes(state);

/**
 * The further of two states: receipts arrive in any order and more than once. The first final state stays, for an envelope
 * ends once.
 */
export function furtherState(held: EnvelopeState, next: EnvelopeState): EnvelopeState {
  if (isFinalState(held)) return held;
  return ENVELOPE_STATES.indexOf(next) > ENVELOPE_STATES.indexOf(held) ? next : held;
}
