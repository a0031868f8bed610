import * as z from 'zod';
import { ConsentProof } from './consent.ts';
import { digestBase64Url, encodeBase64, encodeBase64Url, encodeUtf8, parseBase64 } from './encoding.ts';
import { InstitutionId, Timestamp, Uuidv7 } from './ids.ts';
import { readClaims, readHeader, verifyClaims, JoseError, type JWK } from './jose.ts';
import { RecordKind } from './record-kind.ts';

/** Why a doctor asks. `emergency` is break-glass: it needs a reason and raises an alarm where it arrives. */
export const REQUEST_PURPOSES = ['treatment', 'emergency'] as const;

/** The FHIR R4 `Task` a request is: what is asked of whom, for whom. References are logical, never a patient's number. */
export const RequestTask = z
  .object({
    resourceType: z.literal('Task'),
    status: z.literal('requested'),
    intent: z.literal('order'),
    code: z.object({ text: z.string().max(200) }),
    authoredOn: Timestamp,
    requester: z.object({ display: z.string().max(200) }),
    owner: z.object({ identifier: z.object({ value: InstitutionId }) }),
    reasonCode: z.object({ text: z.string().max(1000) }).optional(),
  })
  .readonly();

/** The FHIR R4 `Consent` that points at the card's signature. */
export const RequestConsent = z
  .object({
    resourceType: z.literal('Consent'),
    status: z.literal('active'),
    scope: z.object({ coding: z.array(z.object({ system: z.string(), code: z.string() })).min(1) }),
    category: z.array(z.object({ coding: z.array(z.object({ system: z.string(), code: z.string() })).min(1) })).min(1),
    dateTime: Timestamp,
    provision: z.object({ period: z.object({ end: Timestamp }) }),
  })
  .readonly();

interface Grounds {
  readonly purpose: (typeof REQUEST_PURPOSES)[number];
  readonly visits: readonly string[];
  readonly consent?: ConsentProof | undefined;
  readonly attendance?: string | undefined;
  readonly task: { readonly reasonCode?: { readonly text: string } | undefined };
  readonly fhirConsent?: object | undefined;
}

/** With consent, visits are named; without, only in an emergency, with a written reason and the patient's visit there. */
function isWellFounded({ purpose, visits, consent, attendance, task, fhirConsent }: Grounds): boolean {
  const hasReason = (task.reasonCode?.text.trim() ?? '') !== '';
  if (purpose === 'emergency' && !hasReason) return false;
  if (consent) return visits.length > 0 && attendance === undefined && fhirConsent !== undefined;
  return purpose === 'emergency' && attendance !== undefined && visits.length === 0 && fhirConsent === undefined;
}

/** A doctor's request for records of earlier visits: the claims of a JWS `share-request+jwt` by an HPKI signing key. */
export const ShareRequest = z
  .object({
    version: z.literal(1),
    id: Uuidv7,
    from: InstitutionId,
    to: InstitutionId,
    issuedAt: Timestamp,
    expires: Timestamp,
    purpose: z.enum(REQUEST_PURPOSES),
    kinds: z.array(RecordKind).min(1).readonly(),
    /** Visit records (compact JWS) of the visits whose results are asked for, all at `to`. None without consent: all are meant. */
    visits: z.array(z.string().max(8192)).max(100).readonly(),
    consent: ConsentProof.optional(),
    /**
     * Break-glass, in place of the consent: the record of the person's visit at `from` (compact JWS), moments ago. Nobody
     * can ask for the records of somebody who is not there.
     */
    attendance: z.string().max(8192).optional(),
    task: RequestTask,
    fhirConsent: RequestConsent.optional(),
  })
  .refine(isWellFounded, 'neither consented nor an emergency with a reason and the patient there')
  .readonly();
export type ShareRequest = z.infer<typeof ShareRequest>;

const SHARE_REQUEST_TYPE = 'share-request+jwt';

/**
 * The bytes the HPKI card signs: JAdES B-B headers (ETSI TS 119 182-1 §5.1) with the chain and the signing time.
 *
 * @param chain certificates in DER, the signer's first, without the root
 */
export function encodeShareRequestSigningInput(
  request: ShareRequest,
  chain: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const [signer] = chain;
  if (!signer) throw new RangeError('the chain holds at least the signer');
  const header = {
    alg: 'RS256',
    typ: SHARE_REQUEST_TYPE,
    x5c: chain.map(encodeBase64),
    'x5t#S256': digestBase64Url(signer),
    sigT: request.issuedAt,
    crit: ['sigT'],
  };
  return encodeUtf8(
    `${encodeBase64Url(encodeUtf8(JSON.stringify(header)))}.${encodeBase64Url(encodeUtf8(JSON.stringify(request)))}`,
  );
}

export function assembleShareRequest(signingInput: Uint8Array, signature: Uint8Array): string {
  return `${new TextDecoder().decode(signingInput)}.${encodeBase64Url(signature)}`;
}

/** The signer's chain as it stands in the header, unverified. @throws {JoseError} */
export function readSignerChain(jws: string): readonly Uint8Array[] {
  const { x5c } = readHeader(jws);
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > 5) throw new JoseError('jws_malformed', 'x5c');
  try {
    return x5c.map((certificate) => parseBase64(certificate));
  } catch (cause) {
    throw new JoseError('jws_malformed', 'x5c', { cause });
  }
}

/** The claims, unverified; for display and routing. @throws {JoseError} */
export const readShareRequest = (jws: string): ShareRequest => readClaims(jws, ShareRequest);

/** Verifies the signature with the signer's key; whether that key belongs to a doctor is for the certificate checks. @throws {JoseError} */
export async function verifyShareRequest(jws: string, signerKey: JWK): Promise<ShareRequest> {
  const { claims } = await verifyClaims(jws, {
    typ: SHARE_REQUEST_TYPE,
    alg: 'RS256',
    claims: ShareRequest,
    crit: { sigT: true },
    findKey: () => signerKey,
  });
  const header = readHeader(jws);
  const [signer] = readSignerChain(jws);
  if (!signer || header['x5t#S256'] !== digestBase64Url(signer) || header['sigT'] !== claims.issuedAt) {
    throw new JoseError('jws_wrong_claims', 'x5t#S256 or sigT');
  }
  return claims;
}
