import type { AccessLogView } from '#api/contract/access-event.ts';
import type { InstitutionId } from '#api/contract/ids.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import type { Gateway } from '#lib/api/gateway.ts';
import type { PresenceRequest } from '#lib/presence/take-presence.ts';
import type { AccessLog } from './read-log.ts';

/** What the person wants: to look, or to take a consent back. */
export type AccessWish =
  { readonly kind: 'look' } | { readonly kind: 'withdraw'; readonly recipient: InstitutionId | undefined };

export type AccessStage =
  | { readonly kind: 'start' }
  /** Now the card. */
  | { readonly kind: 'waiting'; readonly wish: AccessWish }
  | { readonly kind: 'working'; readonly wish: AccessWish; readonly done: 0 | 1 | 2 | 3 }
  | { readonly kind: 'failed'; readonly wish: AccessWish; readonly error: unknown }
  | { readonly kind: 'shown'; readonly wish: AccessWish; readonly view: AccessLogView; readonly log: AccessLog };

interface Dependencies {
  readonly take: (request: PresenceRequest) => Promise<PresenceSubmission>;
  readonly gateway: Pick<Gateway, 'fetchAccessLog' | 'withdrawConsent'>;
  readonly read: (view: AccessLogView) => Promise<AccessLog>;
}

const STEPS = { found: 1, read: 2, signed: 3 } as const;
/** Every exchange is asked. */
const TIMEOUT_MS = 40_000;

/** A person looks at who saw their data, and may take consents back; each by one contact with their own card. */
export class AccessLook {
  #stage = $state.raw<AccessStage>({ kind: 'start' });
  #aborting = new AbortController();
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get stage(): AccessStage {
    return this.#stage;
  }

  /** The next card signs this. */
  await(wish: AccessWish): void {
    if (this.#stage.kind !== 'working') this.#stage = { kind: 'waiting', wish };
  }

  /** Everything that was shown goes. */
  clear(): void {
    this.#aborting.abort();
    this.#stage = { kind: 'start' };
  }

  /** One contact with the card, then the answer. Ends in a stage, never in a rejection. */
  async sign(): Promise<void> {
    const stage = this.#stage;
    if (stage.kind !== 'waiting') return;
    const { wish } = stage;
    const aborting = (this.#aborting = new AbortController());
    const { take, gateway, read } = this.#dependencies;
    const show = (next: AccessStage) => {
      if (!aborting.signal.aborted) this.#stage = next;
    };
    show({ kind: 'working', wish, done: 0 });
    try {
      const submission = await take({
        ...(wish.kind === 'look'
          ? { purpose: 'access-log' as const }
          : { purpose: 'withdrawal' as const, withdraws: wish.recipient ? { recipient: wish.recipient } : {} }),
        signal: aborting.signal,
        onProgress: (step) => show({ kind: 'working', wish, done: STEPS[step] }),
      });
      const ask = wish.kind === 'look' ? gateway.fetchAccessLog : gateway.withdrawConsent;
      const view = await ask(submission, { timeoutMs: TIMEOUT_MS });
      show({ kind: 'shown', wish, view, log: await read(view) });
    } catch (error) {
      show({ kind: 'failed', wish, error });
    }
  }
}
