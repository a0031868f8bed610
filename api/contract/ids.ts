import * as z from 'zod';
import { uuidv7 } from 'uuidv7';

/** Network id + `/` + ten-digit medical institution code (prefecture 2, fee table 1, number 7), e.g. `sakura/1310000012`. */
export const InstitutionId = z.string().regex(/^[a-z][a-z0-9-]{1,31}\/[0-9]{10}$/);
export type InstitutionId = z.infer<typeof InstitutionId>;

/** A regional network behind an exchange. */
export const NetworkId = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/);
export type NetworkId = z.infer<typeof NetworkId>;

/** An inter-network exchange, e.g. `east`. */
export const ExchangeId = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/);
export type ExchangeId = z.infer<typeof ExchangeId>;

/** SHA-256 output or 32 random bytes, base64url without padding. */
export const Base64Url32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Pseudonym of a person inside the federation: HMAC-SHA-256 under the federation's key, base64url. */
export const Subject = Base64Url32;
export type Subject = z.infer<typeof Subject>;

/** RFC 9562 UUID version 7, lower case. */
export const Uuidv7 = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** RFC 3339, UTC, `Z`. */
export const Timestamp = z.iso.datetime();

export const createId = (): string => uuidv7();

export function networkOf(institution: InstitutionId): NetworkId {
  return institution.slice(0, institution.indexOf('/'));
}

/** A name that people read, in both languages. */
export const LocalName = z.object({ ja: z.string().min(1).max(200), en: z.string().min(1).max(200) }).readonly();
export type LocalName = z.infer<typeof LocalName>;
