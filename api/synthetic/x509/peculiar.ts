// Before the library: its container reads decorator metadata while it loads and refuses to without this.
import 'reflect-metadata';
import { cryptoProvider } from '@peculiar/x509';

// Node's WebCrypto; said here, so that the library does not go by what else it finds.
cryptoProvider.set(globalThis.crypto);

/**
 * Somebody else's certificates and lists (RFC 5280). Whatever the strict parser in `contract/` verifies here, it did not
 * write; the two meet in bytes only.
 */
export {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  CertificatePolicyExtension,
  Extension,
  GeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509Crl,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
