import { readConsentScope } from '../contract/consent.ts';
import { JoseError } from '../contract/jose.ts';

/** Whether a stored consent's own expiry, which the card signed, lies before an instant. One that cannot be read stays. */
export function isConsentOver(proof: { readonly presence: string; readonly binding: string }, before: Date): boolean {
  try {
    const scope = readConsentScope(proof);
    return scope !== undefined && Date.parse(scope.expires) < before.getTime();
  } catch (error) {
    if (error instanceof JoseError) return false;
    throw error;
  }
}
