import * as z from 'zod';
import { EcPublicJwk } from './ec-public-jwk.ts';
import { Base64Url32, Timestamp, Uuidv7 } from './ids.ts';

/**
 * What a server answers to its operators. A program signs each request with an operator's key (`signed-request.ts`, `iss` is
 * `operator:` and the name); a browser comes with the cookie that `POST /api/operator/sessions` sets for a link.
 *
 * | Request | Body → answer |
 * |---|---|
 * | `POST /api/operator/sessions` | OperatorSessionRequest → 204 and the cookie (public) |
 * | `DELETE /api/operator/sessions` | → 204, the cookie is gone |
 * | `GET /api/operator/session` | → OperatorSession |
 * | `GET /api/operator/status` | → ExchangeStatus (exchanges only) |
 * | `GET /api/operator/configuration` | → ConfigurationState |
 * | `POST /api/operator/configuration` | nothing → ConfigurationState (202): the file is read anew |
 * | `GET /api/operator/evidence/export?begin=N&end=M` | → EvidenceExport (exchanges only) |
 * | `POST /api/operator/evidence/forgettings` | Forgetting → Forgotten (exchanges only; `evidence/forgetting.ts`) |
 * | `GET /api/operator/dead-letters` | → DeadLetters (exchanges only; `relay-api.ts`) |
 * | `POST /api/operator/dead-letters/:id/resend`, `…/discard` | nothing → DeadLetters (exchanges only) |
 * | `POST /api/operator/peers/:id/test` | nothing → PeerDiagnosis (exchanges only) |
 */
export const OperatorName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/** Somebody who runs a server, known by a key. */
export const Operator = z.strictObject({ name: OperatorName, key: EcPublicJwk }).readonly();
export type Operator = z.infer<typeof Operator>;

/** What stands in `iss` of an operator's signed request: no institution and no exchange is called so. */
export const operatorIssuer = (name: string): string => `operator:${name}`;

/** Claims of the JWS `operator-link+jwt`, by which an operator's browser signs in once. */
export const OperatorLinkClaims = z
  .object({ iss: OperatorName, aud: z.string().max(80), exp: z.number().int().positive(), jti: Uuidv7 })
  .readonly();
export type OperatorLinkClaims = z.infer<typeof OperatorLinkClaims>;

/** Where in the app's address the link stands: after `#`, so that no server and no log sees it on the way. */
export const OPERATOR_LINK_FRAGMENT = 'operator=';

export const OperatorSessionRequest = z.object({ link: z.string().max(2048) }).readonly();
export const OperatorSession = z.object({ operator: OperatorName, expires: Timestamp.nullable() }).readonly();
export type OperatorSession = z.infer<typeof OperatorSession>;

/** Which configuration a server runs by. */
export const ConfigurationState = z
  .object({
    /** SHA-256 of the file as it was read, base64url. */
    digest: Base64Url32,
    loadedAt: Timestamp,
    /** A newer file was refused, and this is why; the one before is still in force. */
    failure: z.string().nullable(),
  })
  .readonly();
export type ConfigurationState = z.infer<typeof ConfigurationState>;

/** What can be wrong between two exchanges, in the order in which it is found. */
export const PEER_FINDINGS = [
  'unreachable',
  'name_unknown',
  'tls_untrusted',
  'not_an_exchange',
  'another_exchange',
  'wrong_key',
  'expired',
  'downgraded',
  'untrusted',
  'clock_skew',
  'not_pinned_there',
  'pinned_with_another_key',
  'refused',
] as const;
export type PeerFinding = (typeof PEER_FINDINGS)[number];

/** Whether two exchanges can work together: nothing found, or what to mend first. */
export const PeerDiagnosis = z
  .object({
    exchange: z.string(),
    origin: z.string(),
    finding: z.enum(PEER_FINDINGS).nullable(),
    /** For developers; people read the sentence for the finding. */
    detail: z.string(),
    roundTripMs: z.number().nonnegative().nullable(),
    /** Their clock minus ours. */
    clockOffsetMs: z.number().nullable(),
  })
  .readonly();
export type PeerDiagnosis = z.infer<typeof PeerDiagnosis>;
