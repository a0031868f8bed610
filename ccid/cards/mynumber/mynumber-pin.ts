import { throwIfAborted } from '../../errors.ts';
import { hashSha256 } from '../digest-info.ts';
import { selectJpki } from './jpki-application.ts';
import type { PresenceMethod } from './presence-method.ts';

/**
 * The authentication key signs after its PIN: the holder knew four digits.
 *
 * @param pin the caller's bytes; the caller wipes them when `prove` has ended
 * @param allowLastAttempt whether the person was told that this is the last try
 */
export function createMynumberPin(pin: Uint8Array, allowLastAttempt = false): PresenceMethod {
  return {
    proofMethod: 'mynumber-pin',
    async prove(channel, statement, { signal, onProgress } = {}) {
      throwIfAborted(signal);
      const jpki = await selectJpki(channel, signal);
      onProgress?.('found');
      // Before the certificate: a phone shows it only after the PIN.
      await jpki.verifyPin('auth', pin, { signal, allowLastAttempt });
      const certificate = await jpki.readCertificate('auth', signal);
      onProgress?.('read');
      const digest = await hashSha256(await statement({ certificate }));
      const signature = await jpki.sign('auth', digest, signal);
      onProgress?.('signed');
      return { certificate, signature };
    },
  };
}
