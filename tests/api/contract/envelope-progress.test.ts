import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENVELOPE_STATES, type EnvelopeState } from '#api/contract/envelope.ts';
import { furtherState, isFinalState } from '#api/contract/envelope-progress.ts';

const state = fc.constantFrom(...ENVELOPE_STATES);

it('never goes back and ends once, whatever order receipts arrive in', () => {
  fc.assert(
    fc.property(fc.array(state), (arrived) => {
      let held: EnvelopeState = 'accepted';
      for (const next of arrived) {
        const further = furtherState(held, next);
        expect(ENVELOPE_STATES.indexOf(further)).toBeGreaterThanOrEqual(ENVELOPE_STATES.indexOf(held));
        if (isFinalState(held)) expect(further).toBe(held);
        held = further;
      }
    }),
  );
});

it('counts a receipt once', () => {
  fc.assert(
    fc.property(state, state, (held, next) => {
      const once = furtherState(held, next);
      expect(furtherState(once, next)).toBe(once);
    }),
  );
});
