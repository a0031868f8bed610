import * as z from 'zod';

/** A P-256 public key (RFC 7518 §6.2.1). Where there are several, rotation overlaps: the first is for what is new, the others still verify. */
export const EcPublicJwk = z
  .object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string().length(43), y: z.string().length(43) })
  .readonly();
export type EcPublicJwk = z.infer<typeof EcPublicJwk>;
