import type { Certificate } from '../contract/certificate.ts';
import { type CertificateList, isListOf, parseCertificateList, revocationDate } from '../contract/certificate-list.ts';
import { encodeHex } from '../contract/hex.ts';
import type { CertificateStatus, StatusAnswer } from '../contract/certificate-status.ts';
import { type DownloadOptions, downloadList } from './list-download.ts';

export interface CrlStatusOptions extends DownloadOptions {
  readonly now: () => Date;
  /**
   * Where the list for a certificate is. The address in the certificate when left out; JPKI certificates name a directory
   * that only certified verifiers reach, so their lists need a configured place.
   */
  readonly locate?: (certificate: Certificate, issuer: Certificate) => string | undefined;
}

/**
 * Revocation by lists (RFC 5280 §6.3). A list is believed when the issuer's own key signed it, it covers the certificate
 * and nextUpdate has not passed; it is kept until then. Anything else is `unknown`, never `good`.
 */
export function createCrlStatus(options: CrlStatusOptions): CertificateStatus {
  const { now, locate = addressInCertificate } = options;
  const kept = new Map<string, CertificateList>();
  const pending = new Map<string, Promise<CertificateList | undefined>>();

  /** One download at a time for each address, however many taps wait for it. */
  function load(url: string): Promise<CertificateList | undefined> {
    const running = pending.get(url) ?? downloadList(url, options).then(parseOrNothing);
    pending.set(url, running);
    return running.finally(() => pending.delete(url));
  }

  async function find(
    url: string,
    certificate: Certificate,
    issuer: Certificate,
  ): Promise<CertificateList | undefined> {
    // Whose list it is gets checked on every use: two generations of one name may answer at one address.
    const isGood = async (list: CertificateList | undefined): Promise<boolean> =>
      list !== undefined && isCurrent(list, now()) && (await isListOf(list, certificate, issuer));
    const known = kept.get(url);
    if (await isGood(known)) return known;
    const loaded = await load(url);
    if (!loaded || !(await isGood(loaded))) return undefined;
    kept.set(url, loaded);
    return loaded;
  }

  return {
    async check(certificate, issuer, at): Promise<StatusAnswer> {
      const source = locate(certificate, issuer);
      const list = source === undefined ? undefined : await find(source, certificate, issuer);
      if (source === undefined || !list || at > list.nextUpdate) {
        return { status: 'unknown', source: source ?? 'none', checkedAt: now() };
      }
      const revokedAt = revocationDate(list, certificate.serialNumber);
      const status = revokedAt !== undefined && revokedAt <= at ? 'revoked' : 'good';
      return { status, source, checkedAt: list.thisUpdate };
    },
  };
}

/** Clocks of authorities run a little ahead. */
const FUTURE_TOLERANCE_MS = 5 * 60 * 1000;

function isCurrent(list: CertificateList, now: Date): boolean {
  return now <= list.nextUpdate && list.thisUpdate.getTime() <= now.getTime() + FUTURE_TOLERANCE_MS;
}

function parseOrNothing(bytes: Uint8Array | undefined): CertificateList | undefined {
  try {
    return bytes && parseCertificateList(bytes);
  } catch {
    return undefined;
  }
}

/** The first HTTP address among the certificate's distribution points. */
export function addressInCertificate(certificate: Certificate): string | undefined {
  return certificate.crlDistributionPoints.find(({ uri }) => uri && /^https?:\/\//i.test(uri))?.uri;
}

/**
 * Lists at configured places, by the key identifier of the CA that signs them, in lower-case hex.
 * Issuers that are not configured have none.
 */
export function locateByIssuerKey(places: ReadonlyMap<string, string>) {
  return (_certificate: Certificate, issuer: Certificate): string | undefined =>
    issuer.subjectKeyId && places.get(encodeHex(issuer.subjectKeyId));
}
