/** Whether this page can use passkeys at all: they belong to a domain, and an address of digits is none (WebAuthn §5.1.2). */
export function isPasskeyPossible(page: Window): boolean {
  const { hostname } = page.location;
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.includes(':');
  return !isAddress && 'PublicKeyCredential' in page;
}
