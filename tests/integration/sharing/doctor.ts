import { openHpkiSign } from 'webusb-ccid/hpki';
import { createSimulatedCard, type HpkiPersonalisation } from 'webusb-ccid/simulated';
import { digest, encodeUtf8 } from '#api/contract/encoding.ts';
import { createShareRequest, type ShareRequestDraft } from '#api/contract/share-request-draft.ts';
import {
  assembleShareRequest,
  encodeShareRequestSigningInput,
  type ShareRequest,
} from '#api/contract/share-request.ts';
import { readConsentScope } from '#api/contract/consent.ts';

export type Asked = Pick<ShareRequestDraft, 'id' | 'from' | 'to' | 'visits' | 'kinds' | 'consent'> &
  Partial<Pick<ShareRequestDraft, 'purpose' | 'reason'>>;

/** What a doctor signs, before it is signed. */
export const draftRequest = (asked: Asked, now: Date): ShareRequest =>
  createShareRequest(
    {
      purpose: 'treatment',
      requester: 'A doctor',
      consentExpires: readConsentScope(asked.consent)?.expires ?? now.toISOString(),
      ...asked,
    },
    now,
  );

/** Signs a request with an HPKI card and its PIN, by the card's own commands. */
export async function signRequest(request: ShareRequest, card: HpkiPersonalisation): Promise<string> {
  const simulated = createSimulatedCard(card);
  const application = await openHpkiSign({ transmit: (command) => simulated.process(command) });
  const chain = [await application.readCertificate(), ...(await application.readAuthorities())];
  const signingInput = encodeShareRequestSigningInput(request, chain);
  await application.verifyPin(encodeUtf8('123456'));
  return assembleShareRequest(signingInput, await application.sign(digest(signingInput)));
}
