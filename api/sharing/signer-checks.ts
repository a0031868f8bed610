import { createPublicKey } from 'node:crypto';
import { parseCertificate, type Certificate } from '../contract/certificate.ts';
import { CertificateError } from '../contract/certificate-error.ts';
import { buildCertificatePath, type CertificatePath } from '../contract/certificate-path.ts';
import { requireProfile } from '../contract/certificate-profile.ts';
import { requireGoodStatus } from '../contract/certificate-status.ts';
import type { Doctor } from '../contract/doctor.ts';
import { HPKI_SIGNATURE, verifyHpkiCertificate } from '../contract/hpki-certificate.ts';
import { JoseError } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';
import { readSignerChain, verifyShareRequest, type ShareRequest } from '../contract/share-request.ts';
import type { SignerTrust } from './parts.ts';

/** The certificates that came with a request: the signer's, then its issuers'. */
export interface SignerChain {
  readonly der: readonly [Uint8Array, ...Uint8Array[]];
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
}

/** @throws {Problem} `request_signature_invalid`, `certificate_malformed` */
export function readChain(jws: string): SignerChain {
  const [first, ...rest] = refusing(() => readSignerChain(jws));
  if (!first) throw new Problem('request_signature_invalid', 'x5c is empty');
  return refusing(() => ({
    der: [first, ...rest],
    certificate: parseCertificate(first),
    intermediates: rest.map(parseCertificate),
  }));
}

/** The signature over the request, by the key of the certificate that came along. @throws {Problem} `request_signature_invalid` */
export async function requireSignature(jws: string, { certificate }: SignerChain): Promise<ShareRequest> {
  const { publicKey } = certificate;
  if (publicKey.kind !== 'rsa') throw new Problem('request_signature_invalid', 'not an RSA key');
  const jwk = createPublicKey({ key: Buffer.from(publicKey.spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  try {
    return await verifyShareRequest(jws, jwk);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('request_signature_invalid', cause.code, { cause });
  }
}

/** The path to the pinned root, dates, use and policy. @throws {Problem} `certificate_*` */
export const requirePath = (chain: SignerChain, trust: SignerTrust, at: Date): Promise<CertificatePath> =>
  refusingLater(async () => {
    const { certificate, intermediates } = chain;
    const path = await buildCertificatePath(certificate, { anchors: trust.anchors, intermediates, at });
    requireProfile(certificate, HPKI_SIGNATURE, trust.world);
    return path;
  });

/** @throws {Problem} `certificate_revoked`, `certificate_status_unknown` */
export const requireStatus = (path: CertificatePath, trust: SignerTrust, at: Date): Promise<unknown> =>
  refusingLater(() => requireGoodStatus(path, trust.status, at));

/** Who signed, if their role may ask for records. @throws {Problem} `hpki_role_missing`, `hpki_role_not_allowed` */
export const requireRole = (chain: SignerChain, trust: SignerTrust, at: Date): Promise<Doctor> =>
  refusingLater(async () => {
    const { anchors, world, allowedRoles } = trust;
    return describeSigner(await verifyHpkiCertificate(chain.der, { anchors, world, at, allowedRoles }));
  });

/** Who a certificate says it is, whatever its role may do; `undefined` when it does not hold or has no role. */
export async function findSigner(chain: SignerChain, trust: SignerTrust, at: Date): Promise<Doctor | undefined> {
  try {
    const { anchors, world } = trust;
    return describeSigner(await verifyHpkiCertificate(chain.der, { anchors, world, at }));
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return undefined;
  }
}

const describeSigner = ({ holder, role }: Awaited<ReturnType<typeof verifyHpkiCertificate>>): Doctor => ({
  name: holder.nameJa ?? holder.name,
  organization: holder.organisationJa ?? holder.organisation ?? '',
  role: role.text,
});

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asProblem(error);
  }
}

async function refusingLater<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error);
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof CertificateError) return new Problem(error.code, 'of the signer', { cause: error });
  if (error instanceof JoseError) return new Problem('request_signature_invalid', error.code, { cause: error });
  return error;
}
