import { REQUEST_SKEW_SECONDS } from '../../contract/signed-request.ts';

/** Session ids as long as an INIT of theirs would be accepted, with the envelopes that had their effect. */
export interface SeenSessions {
  has(sid: string): boolean;
  add(sid: string): void;
  /** What comes again is then as good as new. */
  forget(sid: string): void;
  hasEnvelope(sid: string, envelope: string): boolean;
  addEnvelope(sid: string, envelope: string): void;
}

/** @param seconds what time it is */
export function createSeenSessions(seconds: () => number): SeenSessions {
  const seen = new Map<string, { readonly until: number; readonly envelopes: Set<string> }>();

  function remember(sid: string): Set<string> {
    for (const [old, { until }] of seen) if (until < seconds()) seen.delete(old);
    const known = seen.get(sid) ?? { until: seconds() + 2 * REQUEST_SKEW_SECONDS, envelopes: new Set<string>() };
    seen.set(sid, known);
    return known.envelopes;
  }

  return {
    has: (sid) => seen.has(sid),
    add: (sid) => void remember(sid),
    forget: (sid) => void seen.delete(sid),
    hasEnvelope: (sid, envelope) => seen.get(sid)?.envelopes.has(envelope) ?? false,
    addEnvelope: (sid, envelope) => void remember(sid).add(envelope),
  };
}
