import type { HistoryView } from '#api/contract/histories-api.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import { createId, type InstitutionId } from '#api/contract/ids.ts';
import { readClaims } from '#api/contract/jose.ts';
import { createShareRequest } from '#api/contract/share-request-draft.ts';
import { VisitRecord } from '#api/contract/visit-record.ts';
import { readConsentScope } from '#api/contract/consent.ts';
import { readSigner } from '#lib/sharing/signer.ts';
import { signShareRequests } from '#lib/sharing/sign-share-requests.ts';
import type { CardPersonalisation } from 'webusb-ccid/simulated';
import { require } from '../eventually.ts';
import type { Station } from '../station.ts';
import type { Transcript } from '../transcript.ts';

/** The doctor picks the visits at another hospital and signs the request with the HPKI card and its PIN. */
export async function requestResults(
  station: Station,
  history: HistoryView,
  doctor: { readonly card: CardPersonalisation; readonly pin: string },
  to: InstitutionId,
  transcript: Transcript,
): Promise<SentRequest> {
  const records = history.parts.flatMap((part) =>
    part.kind === 'records' ? part.receipts.map(({ record }) => record) : [],
  );
  const { expires } = require(readConsentScope(history.consent), 'the consent has no scope');
  const signed = await station.withCard(doctor.card, async (channel) => {
    const signer = await readSigner(channel);
    const draft = {
      id: createId(),
      from: station.status.institution.id,
      to,
      purpose: 'treatment' as const,
      kinds: ['laboratory' as const],
      visits: records.filter((record) => readClaims(record, VisitRecord).institution === to),
      consent: history.consent,
      consentExpires: expires,
      requester: signer.name,
    };
    const pin = new TextEncoder().encode(doctor.pin);
    try {
      transcript.line(`${signer.latinName}, ${signer.role}, signs with the HPKI card`);
      return await signShareRequests(channel, [createShareRequest(draft, new Date())], { signer, pin });
    } finally {
      pin.fill(0);
    }
  });
  const [request] = signed;
  const jws = require(request, 'nothing was signed');
  transcript.travelled('share request', jws, { signedBy: 'the doctor (HPKI)', file: '6-request.jws' });
  return station.gateway.sendShareRequest(jws);
}
