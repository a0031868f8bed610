import { isCoseFile } from '#api/contract/evidence/cose-mark.ts';
import { encodeCompactReceipt, isCompactReceipt, parseCompactReceipt } from '#api/contract/evidence/compact-receipt.ts';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { EvidenceError } from '#api/contract/evidence/errors.ts';
import { parseReceipt, type Receipt } from '#api/contract/evidence/receipt.ts';
import type { ReceiptTrust } from '#api/contract/evidence/trust.ts';
import { verifyEvidenceFile, type FileVerdict } from '#api/contract/evidence/verify-file.ts';
import { readQrFile } from './read-qr.ts';

/** More than any file of evidence that a page should read; a larger one is for the command line. */
const MAX_SIZE_BYTES = 20_000_000;

/** A file of evidence, the verdict on it, and what can be made of it. */
export interface CheckedEvidence {
  readonly result: FileVerdict;
  /** The file as a person can look at it. */
  readonly text: string;
  /** Of a receipt as JSON or as a QR code. */
  readonly receipt?: Receipt;
  /** The same as the text of a QR code. */
  readonly compact?: string;
  readonly place: { readonly index: number; readonly size: number; readonly origin: string };
  /** Witnesses of the policy that cosigned. */
  readonly witnesses: number;
}

/** The evidence in a file: its bytes, or of a picture the text of the QR code in it; `undefined` when it holds none. */
export async function readFile(file: File): Promise<Uint8Array | undefined> {
  if (!file.type.startsWith('image/')) return new Uint8Array(await file.slice(0, MAX_SIZE_BYTES).arrayBuffer());
  const text = await readQrFile(file);
  return text === undefined ? undefined : encodeUtf8(text);
}

/** Verifies evidence with the pinned keys, and makes of a good receipt what can be printed. */
export async function checkEvidence(bytes: Uint8Array, trust: ReceiptTrust): Promise<CheckedEvidence> {
  const result = await verifyEvidenceFile(bytes, trust);
  const isCose = isCoseFile(bytes);
  const text = isCose
    ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    : new TextDecoder().decode(bytes);
  const factOf = (name: string) =>
    result.verdict.checks.map(({ facts }) => facts[name]).find((value) => value !== undefined);
  const place = {
    index: Number(factOf('index') ?? 0),
    size: Number(factOf('size') ?? 0),
    origin: String(factOf('origin') ?? ''),
  };
  const found = { result, text, place, witnesses: Number(factOf('cosigned') ?? 0) };
  return isCose || result.kind === 'export' ? found : { ...found, ...(await readReceipt(text)) };
}

/** The receipt once more, for whoever prints it; nothing for what is none or is not spelled as ours are. */
async function readReceipt(text: string): Promise<Pick<CheckedEvidence, 'receipt' | 'compact'> | undefined> {
  try {
    const receipt = isCompactReceipt(text) ? await parseCompactReceipt(text.trim()) : parseReceipt(text);
    return { receipt, compact: await encodeCompactReceipt(receipt) };
  } catch (error) {
    if (error instanceof EvidenceError || error instanceof RangeError) return undefined;
    throw error;
  }
}
