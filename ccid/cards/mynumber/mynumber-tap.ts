import { throwIfAborted } from '../../errors.ts';
import { hashSha256 } from '../digest-info.ts';
import { selectJpki } from './jpki-application.ts';
import type { PresenceMethod } from './presence-method.ts';
import { selectText } from './text-application.ts';

/**
 * A tap without PIN: the authentication certificate is read freely, and the text application's key signs.
 *
 * The card does not tie the two together. Only a verifier that bound this key to this certificate at enrolment may
 * conclude anything, and then only that the card is there: not its holder, and not how near.
 */
export const mynumberTap: PresenceMethod = {
  proofMethod: 'mynumber-tap',
  async prove(channel, statement, { signal, onProgress } = {}) {
    throwIfAborted(signal);
    const jpki = await selectJpki(channel, signal);
    onProgress?.('found');
    const certificate = await jpki.readCertificate('auth', signal);
    onProgress?.('read');
    const digest = await hashSha256(await statement({ certificate }));
    const text = await selectText(channel, signal);
    const signature = await text.sign(digest, signal);
    onProgress?.('signed');
    return { certificate, signature };
  },
};
