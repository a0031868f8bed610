import { CardError, throwIfAborted } from '../../errors.ts';
import type { CardChannel } from '../../iso7816/card-channel.ts';
import { hashSha256 } from '../digest-info.ts';
import { selectJpki } from './jpki-application.ts';
import type { PresenceMethod } from './presence-method.ts';

/** What a terminal authentication came to. */
export type TerminalOutcome =
  | { readonly kind: 'authenticated'; readonly isSimulated: boolean }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * Authenticates a certified terminal to the selected JPKI application, after which the authentication key signs without
 * PIN. Commands, certificates and key holders of the real ceremony are not public: whoever has them brings them here.
 */
export interface TerminalAuthentication {
  /** Resolves with the JPKI application still selected. */
  authenticateTerminal(channel: CardChannel, signal?: AbortSignal): Promise<TerminalOutcome>;
}

/** The authentication key signs without PIN, because a certified terminal vouches for a look at the holder's face. */
export function createMynumberTerminal(terminal: TerminalAuthentication): PresenceMethod {
  return {
    proofMethod: 'mynumber-terminal',
    async prove(channel, statement, { signal, onProgress } = {}) {
      throwIfAborted(signal);
      const jpki = await selectJpki(channel, signal);
      onProgress?.('found');
      const outcome = await terminal.authenticateTerminal(channel, signal);
      if (outcome.kind === 'unavailable') throw new CardError('not_permitted', outcome.reason);
      const certificate = await jpki.readCertificate('auth', signal);
      onProgress?.('read');
      const digest = await hashSha256(await statement({ certificate }));
      const signature = await jpki.sign('auth', digest, signal);
      onProgress?.('signed');
      return outcome.isSimulated ? { certificate, signature, isSimulated: true } : { certificate, signature };
    },
  };
}
