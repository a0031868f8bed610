import type { CardChannel } from 'webusb-ccid';
import { mynumberTap, type PresenceMethod } from 'webusb-ccid/mynumber';
import { digestBase64Url, encodeBase64 } from '../contract/encoding.ts';
import { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import { Challenge } from '../contract/challenge.ts';
import { EnrolledTerminal } from '../contract/terminals-api.ts';
import { GatewayStatus } from '../contract/gateway-api.ts';
import { createId } from '../contract/ids.ts';
import { createSigningJwk, importSigningKey, signClaims, type SigningKey } from '../contract/jose.ts';
import {
  assemblePresenceProof,
  encodePresenceSigningInput,
  signTerminalClaims,
  type ConsentScope,
  type WithdrawalScope,
  type Freshness,
  type PresenceClaims,
  type PresenceSubmission,
  type Purpose,
} from '../contract/presence-proof.ts';
import type { DemoStaff } from '../contract/demo-staff.ts';
import { PasskeyChallenge } from '../contract/passkey.ts';
import { signWithPasskey } from '../contract/software-passkey.ts';
import { StaffSession } from '../contract/staff.ts';
import { STAFF_HEADER } from '../contract/staff-person.ts';
import { Problem, ProblemDocument } from '../contract/problem.ts';
import type { Fetch } from '../http/exchange-client.ts';
import { listDemoStaff } from './staff.ts';
import type * as z from 'zod';

export interface TerminalOptions {
  /** The gateway's origin. */
  readonly origin: string;
  readonly name: string;
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Who signs in on it; the demonstration's person for everything when left out, nobody for `null`. */
  readonly person?: DemoStaff | null;
}

export interface TapOptions {
  readonly purpose?: Purpose;
  readonly scope?: ConsentScope;
  /** With purpose `withdrawal`. */
  readonly withdraws?: WithdrawalScope;
  /** Another proof of time than a fresh challenge. */
  readonly freshness?: Freshness;
  readonly method?: PresenceMethod;
  /** Claims to be changed before the card signs: for showing what is refused. */
  readonly change?: Partial<PresenceClaims>;
}

/** A terminal without a screen: enrolled with a key of its own, signed in, taking taps with real cards' commands. */
export interface HeadlessTerminal {
  readonly id: string;
  readonly key: SigningKey;
  readonly status: GatewayStatus;
  /** Asks for a challenge, lets the card sign and countersigns. Hands nothing over. */
  tap(channel: CardChannel, options?: TapOptions): Promise<PresenceSubmission>;
  /** @throws {Problem} the gateway's refusal */
  get<T>(path: string, answer: z.ZodType<T>): Promise<T>;
  /** @throws {Problem} the gateway's refusal */
  post<T>(path: string, body: object | undefined, answer: z.ZodType<T>): Promise<T>;
}

/** Enrols a new terminal at a gateway and signs it in. @throws {Problem} */
export async function createHeadlessTerminal(options: TerminalOptions): Promise<HeadlessTerminal> {
  const { origin, name, now } = options;
  const key = await importSigningKey(await createSigningJwk());
  let cookie = '';
  let staffToken = '';

  async function call(method: string, path: string, body?: object): Promise<Response> {
    const response = await options.fetch(new URL(path, origin).href, {
      method,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(staffToken ? { [STAFF_HEADER]: staffToken } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.ok) return response;
    const { code, detail } = ProblemDocument.parse(await response.json());
    throw new Problem(code, detail ?? '');
  }
  const get: HeadlessTerminal['get'] = async (path, answer) => answer.parse(await (await call('GET', path)).json());
  const post: HeadlessTerminal['post'] = async (path, body, answer) =>
    answer.parse(await (await call('POST', path, body)).json());

  const status = await get('/api/status', GatewayStatus);
  const { terminal } = await post('/api/terminals', { key: EcPublicJwk.parse(key.publicJwk), name }, EnrolledTerminal);
  const session = { iss: terminal, aud: origin, iat: Math.floor(now().getTime() / 1000), jti: createId() };
  const signedIn = await call('POST', '/api/sessions', { assertion: await signClaims('session+jwt', session, key) });
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  const person = options.person === undefined ? listDemoStaff(status.institution.id)[0] : options.person;
  if (person) {
    const ceremony = await post('/api/staff/challenges', undefined, PasskeyChallenge);
    const assertion = await signWithPasskey(person.passkey, ceremony, { origin });
    staffToken = (await post('/api/staff/sessions', { assertion }, StaffSession)).token;
  }

  async function takeChallenge(purpose: Purpose): Promise<Freshness> {
    const { challenge } = await post('/api/challenges', { terminal, purpose }, Challenge);
    return { kind: 'challenge', challenge };
  }

  return {
    id: terminal,
    key,
    status,
    get,
    post,
    async tap(channel, { purpose = 'visit', scope, withdraws, freshness, method = mynumberTap, change } = {}) {
      const time = freshness ?? (await takeChallenge(purpose));
      let signingInput = new Uint8Array();
      const { certificate, signature } = await method.prove(channel, (card) => {
        const claims: PresenceClaims = {
          version: 1,
          jti: createId(),
          iss: terminal,
          actorId: status.institution.id,
          aud: status.exchange.id,
          iat: Math.floor(now().getTime() / 1000),
          purpose,
          ...(scope ? { scope } : {}),
          ...(withdraws ? { withdraws } : {}),
          proofMethod: method.proofMethod,
          freshness: time,
          certHash: digestBase64Url(card.certificate),
          ...change,
        };
        signingInput = encodePresenceSigningInput(claims);
        return Promise.resolve(signingInput);
      });
      const presence = assemblePresenceProof(signingInput, signature);
      const submissionId = createId();
      const countersigned = await signTerminalClaims(submissionId, presence, key);
      return { submissionId, presence, certificate: encodeBase64(certificate), terminal: countersigned };
    },
  };
}
