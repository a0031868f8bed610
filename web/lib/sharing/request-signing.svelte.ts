import type { CardChannel } from 'webusb-ccid';
import { CardError } from 'webusb-ccid';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import type { ShareRequest } from '#api/contract/share-request.ts';
import type { Gateway } from '#lib/api/gateway.ts';
import { OutgoingRequests } from './outgoing.svelte.ts';
import { readSigner, type Signer } from './signer.ts';
import { signShareRequests } from './sign-share-requests.ts';

export type SigningStage =
  /** No card was looked at yet. */
  | { readonly kind: 'card'; readonly error?: unknown }
  | { readonly kind: 'reading' }
  /** The holder is known; now the PIN. `wrong` after a wrong one. */
  | { readonly kind: 'pin'; readonly signer: Signer; readonly wrong: boolean }
  | { readonly kind: 'signing'; readonly signer: Signer; readonly done: number; readonly total: number }
  | { readonly kind: 'sending' }
  | { readonly kind: 'done' };

interface Dependencies {
  readonly withCard: <T>(use: (channel: CardChannel) => Promise<T>) => Promise<T>;
  readonly gateway: Pick<Gateway, 'sendShareRequest'>;
  /** Made when the signer is known, as the request names who asks. @throws {Problem} `consent_expired` */
  readonly draft: (requester: string) => readonly ShareRequest[];
  readonly onSent: (requests: readonly SentRequest[]) => void;
}

/** The doctor's signature: look at the card, enter the PIN, sign one request for each hospital, send each on its own. */
export class RequestSigning {
  #stage = $state.raw<SigningStage>({ kind: 'card' });
  #outgoing = $state.raw<OutgoingRequests | undefined>(undefined);
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get stage(): SigningStage {
    return this.#stage;
  }

  /** What was signed and where it is; it stays until everything is sent. */
  get outgoing(): OutgoingRequests | undefined {
    return this.#outgoing;
  }

  /** Another card, please. What was sent stays sent. */
  reset(): void {
    if (!['pin', 'card', 'done'].includes(this.#stage.kind)) return;
    this.#stage = { kind: 'card' };
    this.#outgoing = undefined;
  }

  /** Reads who lies on the reader; no PIN is needed. */
  async lookAtCard(): Promise<void> {
    if (this.#stage.kind !== 'card') return;
    this.#stage = { kind: 'reading' };
    try {
      const signer = await this.#dependencies.withCard((channel) => readSigner(channel));
      this.#stage = { kind: 'pin', signer, wrong: false };
    } catch (error) {
      this.#stage = { kind: 'card', error };
    }
  }

  /** Signs with a PIN, which is wiped here whatever happens, and sends. */
  async sign(pin: Uint8Array): Promise<void> {
    const stage = this.#stage;
    try {
      if (stage.kind !== 'pin') return;
      await this.#sign(stage.signer, pin);
    } finally {
      pin.fill(0);
    }
  }

  /** Sends again what was not sent. */
  async send(): Promise<void> {
    const outgoing = this.#outgoing;
    if (!outgoing) return;
    this.#stage = { kind: 'sending' };
    const sent = await outgoing.send();
    this.#stage = { kind: 'done' };
    this.#dependencies.onSent(sent);
  }

  async #sign(signer: Signer, pin: Uint8Array): Promise<void> {
    const { draft, withCard, gateway } = this.#dependencies;
    try {
      const requests = draft(signer.name);
      const total = requests.length;
      this.#stage = { kind: 'signing', signer, done: 0, total };
      const signed = await withCard((channel) =>
        signShareRequests(channel, requests, {
          signer,
          pin,
          // The pad says when it is the last try, and asks for it in so many words.
          allowLastAttempt: signer.triesLeft === 1,
          onSigned: (done) => (this.#stage = { kind: 'signing', signer, done, total }),
        }),
      );
      const addressed = signed.map((jws, index) => ({ jws, to: requests[index]?.to ?? '' }));
      this.#outgoing = new OutgoingRequests(gateway, addressed);
    } catch (error) {
      this.#fail(signer, error);
      return;
    }
    await this.send();
  }

  #fail(signer: Signer, error: unknown): void {
    const isWrong = error instanceof CardError && error.code === 'pin_wrong';
    if (isWrong) {
      const triesLeft = error.attemptsLeft ?? signer.triesLeft - 1;
      this.#stage = { kind: 'pin', signer: { ...signer, triesLeft }, wrong: true };
    } else {
      this.#stage = { kind: 'card', error };
    }
  }
}
