/** Whether an Ed25519 signature (RFC 8032) verifies, by WebCrypto. Wrong lengths are simply not signatures. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey.slice(), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature.slice(), message);
  } catch (error) {
    // A point that is not on the curve is refused at import by some engines and at verification by others.
    if (error instanceof DOMException && error.name !== 'NotSupportedError') return false;
    throw error;
  }
}
