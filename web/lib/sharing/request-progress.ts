import { EnvelopeReceipt, type EnvelopeState } from '#api/contract/envelope.ts';
import type { SentRequest } from '#api/contract/share-requests-api.ts';
import { JoseError, readClaims } from '#api/contract/jose.ts';

/** The way of a request, in the order it is walked. */
export const REQUEST_STEPS = ['sent', 'forwarded', 'delivered', 'answered'] as const;
export type RequestStep = (typeof REQUEST_STEPS)[number];

export interface StepView {
  readonly step: RequestStep;
  /** `current`: this is what is being waited for. `stopped`: it ended here. */
  readonly state: 'done' | 'current' | 'ahead' | 'stopped';
  /** RFC 3339, from the signed receipt of the exchange; absent where no receipt says it. */
  readonly at: string | undefined;
}

/** Which steps an envelope state proves. */
const REACHED: Readonly<Record<EnvelopeState, number>> = {
  accepted: 0,
  held: 0,
  forwarded: 1,
  delivered: 2,
  acknowledged: 2,
  expired: 0,
  refused: 0,
};

/** Where a sent request is. Only what is proven is `done`: a state by the gateway's word, a time by a signed receipt. */
export function requestProgress(request: SentRequest): readonly StepView[] {
  const times = receiptTimes(request.receipts);
  const answered = request.state === 'released' || request.state === 'refused';
  const reached = answered ? 3 : Math.max(...[...times.keys()].map((state) => REACHED[state]), reachedBy(request));
  const isStopped = request.state === 'expired' || request.envelopeState === 'expired' || isRefusedOnTheWay(request);
  const at: Readonly<Record<RequestStep, string | undefined>> = {
    sent: times.get('accepted') ?? request.issuedAt,
    forwarded: times.get('forwarded'),
    delivered: times.get('delivered') ?? times.get('acknowledged'),
    answered: request.answeredAt ?? undefined,
  };
  return REQUEST_STEPS.map((step, index) => {
    const isNext = index === reached + 1;
    const state = index <= reached ? 'done' : isNext ? (isStopped ? 'stopped' : 'current') : 'ahead';
    return { step, state, at: state === 'done' ? at[step] : undefined };
  });
}

const reachedBy = ({ envelopeState }: SentRequest): number => (envelopeState === null ? -1 : REACHED[envelopeState]);

/** The relay would not carry it; the hospital never saw it. */
export const isRefusedOnTheWay = ({ state, envelopeState }: SentRequest): boolean =>
  envelopeState === 'refused' && state !== 'refused' && state !== 'released';

/** Whether nothing more will come. */
export const isSettled = (request: SentRequest): boolean =>
  (request.state !== 'sent' && request.state !== 'waiting') ||
  request.envelopeState === 'expired' ||
  isRefusedOnTheWay(request);

function receiptTimes(receipts: readonly string[]): ReadonlyMap<EnvelopeState, string> {
  const times = new Map<EnvelopeState, string>();
  for (const receipt of receipts) {
    try {
      const { state, at } = readClaims(receipt, EnvelopeReceipt);
      const before = times.get(state);
      if (before === undefined || at < before) times.set(state, at);
    } catch (error) {
      // A receipt that cannot be read proves nothing and gives no time.
      if (!(error instanceof JoseError)) throw error;
    }
  }
  return times;
}
