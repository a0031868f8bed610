import type { ProofMethod } from './presence-proof.ts';

/**
 * What a way of showing presence leaves open. A record names the limits of its own proof, so that whoever reads it years
 * later, far from this code, does not take it for more than it is.
 *
 * - `holder`: whether the person was the card's holder; a lent card passes
 * - `nearness`: whether the card was near; commands to it can be relayed
 * - `knowledge`: whether anybody knew the card's PIN
 * - `authentication_key`: whether the authentication key itself was there; only a key that was bound to its certificate,
 *   so that the proof is as good as that enrolment
 * - `third_party`: whether anybody but the institution could check it
 */
export const PROOF_LIMIT_NAMES = ['holder', 'nearness', 'knowledge', 'authentication_key', 'third_party'] as const;
export type ProofLimit = (typeof PROOF_LIMIT_NAMES)[number];

export const PROOF_LIMITS: Readonly<Record<ProofMethod, readonly ProofLimit[]>> = {
  'mynumber-terminal': ['nearness', 'knowledge'],
  'mynumber-tap': ['holder', 'nearness', 'knowledge', 'authentication_key'],
  'mynumber-pin': ['holder', 'nearness'],
  'second-card-sun': ['holder', 'nearness', 'knowledge', 'authentication_key'],
  'oqs-face': ['nearness', 'knowledge', 'authentication_key', 'third_party'],
  'wallet-mdoc': ['nearness', 'authentication_key'],
};
