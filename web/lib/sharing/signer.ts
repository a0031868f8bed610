import { parseCertificate, type Certificate } from '#api/contract/certificate.ts';
import { CertificateError } from '#api/contract/certificate-error.ts';
import { readHolder, readRole } from '#api/contract/hpki-certificate.ts';
import { HPKI_ROLES } from '#api/contract/hpki-role.ts';
import { CardError, equalBytes, type CardChannel } from 'webusb-ccid';
import { openHpkiSign, type HpkiApplication } from 'webusb-ccid/hpki';

/** Who lies on the reader, in the words of the card's own certificate. Nothing is proven before the signature. */
export interface Signer {
  /** In Japanese where the certificate has it. */
  readonly name: string;
  readonly latinName: string;
  readonly organization: string;
  /** The licence, e.g. `Medical Doctor`; `undefined` when the certificate names none. */
  readonly role: string | undefined;
  /** Whether a release is possible at all: only doctors may ask. */
  readonly mayAsk: boolean;
  readonly certificate: Uint8Array;
  /** CA certificates for `x5c`, without the root. */
  readonly authorities: readonly Uint8Array[];
  readonly triesLeft: number;
}

/** Looks at an HPKI card: certificate, licence and how many tries its PIN has left. All of it is free to read. @throws {CardError} */
export async function readSigner(channel: CardChannel, signal?: AbortSignal): Promise<Signer> {
  const application = await openHpkiSign(channel, signal);
  const { certificate, authorities } = await readChain(application, signal);
  const parsed = parseOnCard(certificate);
  const holder = readHolder(parsed);
  const role = roleOf(parsed);
  return {
    name: holder.nameJa ?? holder.name,
    latinName: holder.name,
    organization: holder.organisationJa ?? holder.organisation ?? '',
    role,
    mayAsk: role === HPKI_ROLES.medicalDoctor,
    certificate,
    authorities,
    triesLeft: await application.readTriesLeft(signal),
  };
}

async function readChain(
  application: HpkiApplication,
  signal?: AbortSignal,
): Promise<{ readonly certificate: Uint8Array; readonly authorities: readonly Uint8Array[] }> {
  const certificate = await application.readCertificate(signal);
  const authorities = await application.readAuthorities(signal);
  return { certificate, authorities: authorities.filter((der) => !isSelfIssued(parseOnCard(der))) };
}

const isSelfIssued = ({ issuer, subject }: Certificate): boolean => equalBytes(issuer.raw, subject.raw);

function parseOnCard(der: Uint8Array): Certificate {
  try {
    return parseCertificate(der);
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    throw new CardError('wrong_data', cause.code, { cause });
  }
}

function roleOf(certificate: Certificate): string | undefined {
  try {
    return readRole(certificate).text;
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
