/** Where a moment lies in a certificate's validity; `passed` is the part of it that is over, 0 to 1. */
export type Validity =
  | { readonly kind: 'valid'; readonly daysLeft: number; readonly passed: number }
  | { readonly kind: 'expired'; readonly passed: 1 }
  | { readonly kind: 'future'; readonly passed: 0 };

const DAY_MS = 24 * 60 * 60 * 1000;

/** @param notBefore and `notAfter`: RFC 3339; both belong to the validity (RFC 5280 §4.1.2.5) */
export function judgeValidity(notBefore: string, notAfter: string, now: Date): Validity {
  const from = Date.parse(notBefore);
  const until = Date.parse(notAfter);
  const at = now.getTime();
  if (at < from) return { kind: 'future', passed: 0 };
  if (at > until) return { kind: 'expired', passed: 1 };
  return {
    kind: 'valid',
    daysLeft: Math.floor((until - at) / DAY_MS),
    passed: (at - from) / Math.max(1, until - from),
  };
}
