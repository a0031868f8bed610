import type { SentRequest } from '#api/contract/share-requests-api.ts';
import type { InstitutionId } from '#api/contract/ids.ts';
import { Problem } from '#api/contract/problem.ts';
import type { Gateway } from '#lib/api/gateway.ts';

/** A signed request on its way from this window to the gateway. */
export interface Outgoing {
  readonly to: InstitutionId;
  readonly jws: string;
  readonly state: 'unsent' | 'sending' | 'sent';
  readonly error: unknown;
}

/**
 * Hands signed requests to the gateway, each on its own: one hospital that cannot be reached holds up no other. What
 * was not answered can be sent again; the signed bytes stay the same, so that it counts once.
 */
export class OutgoingRequests {
  #list = $state.raw<readonly Outgoing[]>([]);
  readonly #gateway: Pick<Gateway, 'sendShareRequest'>;

  constructor(
    gateway: Pick<Gateway, 'sendShareRequest'>,
    signed: readonly { readonly to: InstitutionId; readonly jws: string }[],
  ) {
    this.#gateway = gateway;
    this.#list = signed.map(({ to, jws }) => ({ to, jws, state: 'unsent', error: undefined }));
  }

  get list(): readonly Outgoing[] {
    return this.#list;
  }

  get isAllSent(): boolean {
    return this.#list.every(({ state }) => state === 'sent');
  }

  /** Sends what is not yet sent. Never rejects: each entry carries its own error. */
  async send(): Promise<readonly SentRequest[]> {
    const unsent = this.#list.filter(({ state }) => state === 'unsent');
    const answers = await Promise.all(unsent.map((outgoing) => this.#sendOne(outgoing)));
    return answers.filter((answer) => answer !== undefined);
  }

  async #sendOne(outgoing: Outgoing): Promise<SentRequest | undefined> {
    this.#change(outgoing.jws, { state: 'sending', error: undefined });
    try {
      const answer = await this.#gateway.sendShareRequest(outgoing.jws);
      this.#change(outgoing.jws, { state: 'sent' });
      return answer;
    } catch (error) {
      // An earlier try went through although its answer was lost.
      const isThere = error instanceof Problem && error.code === 'request_replayed';
      this.#change(outgoing.jws, isThere ? { state: 'sent' } : { state: 'unsent', error });
      return undefined;
    }
  }

  #change(jws: string, change: Partial<Outgoing>): void {
    this.#list = this.#list.map((entry) => (entry.jws === jws ? { ...entry, ...change } : entry));
  }
}
