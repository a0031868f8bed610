import { decode, encode, Tag } from 'cbor2';
import * as z from 'zod';
import { SALT_SIZE } from './commitment.ts';
import { EvidenceError } from './errors.ts';
import type { NoteSigner } from './note-signer.ts';
import { HASH_SIZE } from './tree-hash.ts';

/** COSE header labels and values (RFC 9052 §3.1, RFC 9597, RFC 9942 §4). */
const LABEL = { alg: 1, kid: 4, cwtClaims: 15, vds: 395, vdp: 396 } as const;
const CWT_ISSUER = 1;
const VDS_RFC9162_SHA256 = 1;
const PROOF_INCLUSION = -1;
const SIGN1_TAG = 18;
/** EdDSA, and its fully specified twin (RFC 9864 §2.2). We write the first. */
const ALG_EDDSA = -8;
const ALG_ED25519 = -19;
/** A path is at most as long as the tree is high. */
const MAX_HASHES = 63;

const Bytes = z.instanceof(Uint8Array);
const Hash = Bytes.refine(({ length }) => length === HASH_SIZE);
const Count = z.number().int().nonnegative();
const Protected = z.map(z.union([z.number(), z.string()]), z.unknown());
const InclusionProof = z.tuple([Count, Count, z.array(Hash).max(MAX_HASHES)]);
const CoseFile = z.object({
  record: z.string().max(16_384),
  salt: Bytes.refine(({ length }) => length === SALT_SIZE),
  receipt: z.instanceof(Tag),
});

/** A visit's receipt with a COSE receipt (RFC 9942) in place of the tlog-proof; nothing in it is verified. */
export interface CoseReceipt {
  /** The visit record, a compact JWS. */
  readonly record: string;
  readonly salt: Uint8Array;
  /** Name of the log, protected by its signature (CWT claim `iss`). */
  readonly origin: string;
  readonly index: number;
  readonly size: number;
  /** Audit path, leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The protected header as it was signed. */
  readonly protectedHeader: Uint8Array;
  readonly signature: Uint8Array;
  /** The checkpoint note of the same tree with the witnesses' cosignatures, under a text label of our own. */
  readonly checkpoint?: string;
  /** RFC 3161 token over that checkpoint. */
  readonly timestamp?: Uint8Array;
}

/** What is signed: the root is the payload, which travels detached as the verifier computes it (RFC 9052 §4.4, RFC 9942 §5.2). */
export const encodeSigStructure = (protectedHeader: Uint8Array, root: Uint8Array): Uint8Array<ArrayBuffer> =>
  write(['Signature1', protectedHeader, new Uint8Array(), root]);

/** Signs the root of a log's tree for a COSE receipt, with the key that signs its checkpoints. */
export async function signCoseRoot(
  root: Uint8Array,
  signer: NoteSigner,
): Promise<Pick<CoseReceipt, 'protectedHeader' | 'signature'>> {
  const { name, keyId } = signer.verifier;
  const protectedHeader = write(
    new Map<number, unknown>([
      [LABEL.alg, ALG_EDDSA],
      [LABEL.kid, keyId],
      [LABEL.cwtClaims, new Map([[CWT_ISSUER, name]])],
      [LABEL.vds, VDS_RFC9162_SHA256],
    ]),
  );
  return { protectedHeader, signature: await signer.sign(encodeSigStructure(protectedHeader, root)) };
}

/** The bytes of the file: a CBOR map of record, salt and the tagged COSE_Sign1. */
export function encodeCoseReceipt(parts: Omit<CoseReceipt, 'origin'>): Uint8Array<ArrayBuffer> {
  const { record, salt, size, index, hashes, protectedHeader, signature, checkpoint, timestamp } = parts;
  const unprotected = new Map<number | string, unknown>([
    [LABEL.vdp, new Map([[PROOF_INCLUSION, [write([size, index, hashes])]]])],
    ...(checkpoint === undefined ? [] : [['checkpoint', checkpoint] as const]),
    ...(timestamp ? [['timestamp', timestamp] as const] : []),
  ]);
  const receipt = new Tag(SIGN1_TAG, [protectedHeader, unprotected, null, signature]);
  return write({ record, salt, receipt });
}

/** Reads the file; verifies nothing. @throws {EvidenceError} `cose_malformed` */
export function parseCoseReceipt(bytes: Uint8Array): CoseReceipt {
  const { record, salt, receipt } = read(bytes, CoseFile);
  if (Number(receipt.tag) !== SIGN1_TAG) throw malformed('not a COSE_Sign1');
  const sign1 = z.tuple([Bytes, Protected, z.null(), Bytes]).safeParse(receipt.contents);
  if (!sign1.success) throw malformed('not a COSE_Sign1 with a detached payload');
  const [protectedHeader, unprotected, , signature] = sign1.data;
  const header = read(protectedHeader, Protected);
  const alg = header.get(LABEL.alg);
  const claims = Protected.safeParse(header.get(LABEL.cwtClaims)).data;
  const origin = z.string().min(1).max(200).safeParse(claims?.get(CWT_ISSUER));
  if (alg !== ALG_EDDSA && alg !== ALG_ED25519) throw malformed('another signature algorithm');
  if (header.get(LABEL.vds) !== VDS_RFC9162_SHA256 || !origin.success) throw malformed('another kind of log');

  const proofs = Protected.safeParse(unprotected.get(LABEL.vdp)).data?.get(PROOF_INCLUSION);
  const encoded = z.tuple([Bytes]).safeParse(proofs);
  if (!encoded.success) throw malformed('not one inclusion proof');
  const [size, index, hashes] = read(encoded.data[0], InclusionProof);
  const checkpoint = z.string().max(65_536).safeParse(unprotected.get('checkpoint'));
  const timestamp = Bytes.safeParse(unprotected.get('timestamp'));
  return {
    ...{ record, salt, origin: origin.data, index, size, hashes, protectedHeader, signature },
    ...(checkpoint.success ? { checkpoint: checkpoint.data } : {}),
    ...(timestamp.success ? { timestamp: timestamp.data } : {}),
  };
}

/** Deterministic CBOR (RFC 8949 §4.2.1): one value, one spelling. */
const write = (value: unknown): Uint8Array<ArrayBuffer> => new Uint8Array(encode(value, { cde: true }));

function read<T>(bytes: Uint8Array, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = decode(new Uint8Array(bytes), { rejectDuplicateKeys: true });
  } catch (cause) {
    throw new EvidenceError('cose_malformed', 'not CBOR', { cause });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw malformed(parsed.error.issues[0]?.path.join('.') || 'not a COSE receipt');
  return parsed.data;
}

const malformed = (detail: string) => new EvidenceError('cose_malformed', detail);
