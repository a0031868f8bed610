import type { CardChannel } from 'webusb-ccid';
import type { PresenceMethod } from 'webusb-ccid/mynumber';
import { parseBase64 } from '#api/contract/encoding.ts';
import type { Challenge, ChallengeRequest } from '#api/contract/challenge.ts';
import type { GatewayStatus } from '#api/contract/gateway-api.ts';
import type { SigningKey } from '#api/contract/jose.ts';
import type { PresenceSubmission, Purpose } from '#api/contract/presence-proof.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import type { PresenceRequest } from './take-presence.ts';

/** A way of proving presence, with what it needs besides the card. */
export interface LoadedMethod extends PresenceMethod {
  /** With `mynumber-terminal`: the provider's word for a proof. */
  readonly attest?: (presenceHash: string) => Promise<string>;
  /** Wipes what it holds, after one use. */
  readonly release?: () => void;
}

interface Dependencies {
  readonly withCard: <T>(use: (channel: CardChannel) => Promise<T>, signal?: AbortSignal) => Promise<T>;
  /** How this device makes cards prove that they are here, for this purpose. */
  readonly loadMethod: (purpose: Purpose, signal?: AbortSignal) => Promise<LoadedMethod>;
  readonly terminalKey: () => SigningKey;
  /** What the gateway last said of itself. */
  readonly gateway: () => GatewayStatus | undefined;
  readonly fetchChallenge: (request: ChallengeRequest) => Promise<Challenge>;
  readonly now: () => Date;
}

/** Makes a card state that it is here. */
export interface Presence {
  /**
   * One contact with the card on the reader: the submission for `sendVisit` or `fetchHistory`.
   *
   * @throws {CardError} {Problem} {OfflineError} `terminal_missing`
   */
  take(request: PresenceRequest): Promise<PresenceSubmission>;
  /** The last proof in a new submission, as a thief would send it. The demonstration shows that it is refused. */
  replay(): Promise<PresenceSubmission | undefined>;
}

export function createPresence({
  withCard,
  loadMethod,
  terminalKey,
  gateway,
  fetchChallenge,
  now,
}: Dependencies): Presence {
  let last: PresenceSubmission | undefined;
  return {
    async take(request) {
      const terminal = terminalKey();
      const place = gateway();
      if (!place) throw new OfflineError('terminal_missing', 'no gateway was ever reached');
      const [method, { takePresence }, { findFreshness }] = await Promise.all([
        loadMethod(request.purpose, request.signal),
        import('./take-presence.ts'),
        import('./freshness.ts'),
      ]);
      const asked = { terminal: terminal.kid, purpose: request.purpose };
      try {
        last = await withCard(
          (channel) =>
            takePresence(channel, request, {
              institution: place.institution.id,
              exchange: place.exchange.id,
              terminal,
              method,
              attest: method.attest,
              findFreshness: () =>
                findFreshness(asked, { fetchChallenge, checkpoint: () => gateway()?.checkpoint ?? null }),
              now,
            }),
          request.signal,
        );
        return last;
      } finally {
        method.release?.();
      }
    },
    async replay() {
      const { countersign } = await import('./take-presence.ts');
      return last && countersign(last.presence, parseBase64(last.certificate), terminalKey());
    },
  };
}
