import * as z from 'zod';
import { SessionClaims, type EnrolledTerminal, type TerminalEnrolment } from '#api/contract/terminals-api.ts';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createId } from '#api/contract/ids.ts';
import { signClaims, thumbprint, type SigningKey } from '#api/contract/jose.ts';
import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import type { OfflineStore } from '#lib/offline/offline-store.ts';

/** Where versions before kept the enrolment, in `localStorage`: a power cut soon after it lost the device its name. */
const FORMER_KEY = 'tsunagi.terminal';
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const Enrolment = z
  .object({
    terminal: z.string(),
    name: z.string(),
    enrolledAt: z.string(),
    /** Terminals of earlier versions took visits with nobody signed in. */
    receives: z.boolean().default(true),
  })
  .readonly();

interface Dependencies {
  readonly store: OfflineStore;
  /** Where devices that were enrolled by an earlier version have their name. */
  readonly preferences: Pick<PreferenceStore, 'getItem'>;
  readonly enrol: (body: TerminalEnrolment) => Promise<EnrolledTerminal>;
  readonly openSession: (assertion: string) => Promise<unknown>;
  readonly origin: string;
  readonly now: () => Date;
}

/** This device as its gateway knows it: a key that cannot be taken out of the browser, and a name. */
export class Terminal {
  #enrolment = $state.raw<z.infer<typeof Enrolment> | undefined>(undefined);
  #key: SigningKey | undefined;
  #signingIn: Promise<void> | undefined;
  readonly #dependencies: Dependencies;

  private constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  static async open(dependencies: Dependencies): Promise<Terminal> {
    const terminal = new Terminal(dependencies);
    await terminal.#restore();
    return terminal;
  }

  get isEnrolled(): boolean {
    return this.#enrolment !== undefined;
  }

  get name(): string | undefined {
    return this.#enrolment?.name;
  }

  get enrolledAt(): string | undefined {
    return this.#enrolment?.enrolledAt;
  }

  /** It may take visits with nobody signed in. */
  get receives(): boolean {
    return this.#enrolment?.receives ?? false;
  }

  /** RFC 7638 thumbprint of the key. */
  get id(): string | undefined {
    return this.#enrolment?.terminal;
  }

  /** @throws {OfflineError} `terminal_missing` before the device is enrolled */
  get key(): SigningKey {
    if (!this.#key || !this.#enrolment) throw new OfflineError('terminal_missing', 'this device is not enrolled');
    return this.#key;
  }

  /** Makes this device a terminal of its gateway. @throws {Problem} `terminal_code_wrong`, … {ApiError} */
  async enrol(name: string, code?: string): Promise<void> {
    const { store, enrol } = this.#dependencies;
    const key = this.#key ?? (await createKey(store));
    const body = { key: EcPublicJwk.parse(key.publicJwk), name, ...(code === undefined ? {} : { code }) };
    const enrolled = await enrol(body);
    this.#key = key;
    await store.writeFact('terminal', enrolled);
    this.#enrolment = enrolled;
    await this.signIn();
  }

  /** Opens a session with a signed assertion; calls that overlap share one. */
  signIn(): Promise<void> {
    this.#signingIn ??= this.#signIn().finally(() => (this.#signingIn = undefined));
    return this.#signingIn;
  }

  async #signIn(): Promise<void> {
    const { openSession, origin, now } = this.#dependencies;
    const { key } = this;
    const claims: z.infer<typeof SessionClaims> = {
      iss: key.kid,
      aud: origin,
      iat: Math.floor(now().getTime() / 1000),
      jti: createId(),
    };
    await openSession(await signClaims('session+jwt', claims, key));
  }

  async #restore(): Promise<void> {
    const { store, preferences } = this.#dependencies;
    this.#key = await readKey(store);
    const kept = Enrolment.safeParse(store.readFact('terminal')).data;
    const enrolment = kept ?? parseFormer(preferences.getItem(FORMER_KEY));
    // A name without its key is what an evicted store leaves behind.
    if (!this.#key || enrolment?.terminal !== this.#key.kid) return;
    this.#enrolment = enrolment;
    if (!kept) await store.writeFact('terminal', enrolment);
  }
}

async function createKey(store: OfflineStore): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(KEY_ALGORITHM, false, ['sign', 'verify']);
  const publicJwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  await store.addKey('terminal', { key: pair.privateKey, publicJwk });
  const kept = await readKey(store);
  if (!kept) throw new OfflineError('storage_failed', 'the key was not kept');
  return kept;
}

async function readKey(store: OfflineStore): Promise<SigningKey | undefined> {
  const kept = await store.readKey('terminal');
  if (!kept?.publicJwk) return undefined;
  const publicJwk = EcPublicJwk.parse(kept.publicJwk);
  return { kid: await thumbprint(publicJwk), privateKey: kept.key, publicJwk };
}

function parseFormer(text: string | null) {
  try {
    return Enrolment.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    // Not JSON: as good as never enrolled.
    return undefined;
  }
}
