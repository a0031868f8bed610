import { isCoseFile } from './cose-mark.ts';
import type { ReceiptTrust } from './trust.ts';
import { verifyExportText, type ExportVerdict } from './verify-export.ts';
import { verifyReceiptText, type ReceiptVerdict } from './verify-receipt.ts';

/** The verdict on a file of evidence, whatever kind it turned out to be. */
export type FileVerdict =
  | { readonly kind: 'receipt'; readonly verdict: ReceiptVerdict }
  | { readonly kind: 'export'; readonly verdict: ExportVerdict };

/** Verifies a file of evidence with pinned keys and no network: a receipt as JSON, QR text or COSE, or an export. */
export async function verifyEvidenceFile(bytes: Uint8Array, trust: ReceiptTrust): Promise<FileVerdict> {
  if (!isCoseFile(bytes)) return verifyEvidenceText(new TextDecoder().decode(bytes), trust);
  // CBOR is read by those who were given some, and by nobody else.
  const { verifyCoseReceipt } = await import('./verify-cose.ts');
  return { kind: 'receipt', verdict: await verifyCoseReceipt(bytes, trust) };
}

/** The same of a text. What is no export is judged as a receipt. */
export async function verifyEvidenceText(text: string, trust: ReceiptTrust): Promise<FileVerdict> {
  return isExport(text)
    ? { kind: 'export', verdict: await verifyExportText(text, trust) }
    : { kind: 'receipt', verdict: await verifyReceiptText(text, trust) };
}

function isExport(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'format' in json && json.format === 'tsunagi-evidence-export';
  } catch {
    return false;
  }
}
