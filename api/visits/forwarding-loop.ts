import { countCosignatures } from '../contract/evidence/log-witnesses.ts';
import { Receipt } from '../contract/evidence/receipt.ts';
import { Problem } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { GatewayVisit, GatewayVisitStore } from '../storage/gateway-visits.ts';
import type { ForwardResult, VisitForwarder } from './forwarder.ts';

export interface ForwardingLoopParts {
  readonly visits: GatewayVisitStore;
  readonly exchange: ExchangeClient;
  readonly forwarder: VisitForwarder;
  /** Cosignatures that a receipt should carry; none when left out. */
  readonly witnessThreshold?: () => number;
  /** Whether receipts carry a time-stamp sooner or later; never when left out. */
  readonly isStamped?: () => boolean;
  readonly now: () => Date;
  /** 0 to 1, spreads the attempts of many gateways after an outage. */
  readonly random: () => number;
  /** Told of defects and of a full disk; the loop goes on. */
  readonly report: (failure: unknown) => void;
}

export interface ForwardingLoop {
  /** Something was kept, or the exchange is back: look now. */
  wake(): void;
  /** Ends the loop after the attempt under way. */
  stop(): Promise<void>;
}

const GROUP = 50;
/** Checkpoints are stamped once a minute: before that there is nothing to fetch. */
const STAMPED_AFTER_MS = 65_000;
/** While all is well there is something to do only for receipts that were late and visits that were postponed. */
const IDLE_MS = 2000;
const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Forwards what a gateway kept, oldest first, and fetches receipts that were not ready; backs off while the exchange is
 * away and is woken when it is back.
 */
export function startForwardingLoop(parts: ForwardingLoopParts): ForwardingLoop {
  const { visits, exchange, forwarder } = parts;
  let isStopped = false;
  let isWoken = false;
  let wakeSleeper: () => void = () => {};

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeSleeper = () => {
        clearTimeout(timer);
        resolve();
      };
      if (isWoken || isStopped) wakeSleeper();
    });

  async function flush(): Promise<ForwardResult> {
    for (const { submissionId } of await visits.listDue(parts.now(), GROUP)) {
      if (isStopped || (await forwarder.forward(submissionId)) === 'unreachable') return 'unreachable';
    }
    for (const { submissionId, visitId, record } of await visits.listWithoutReceipt(GROUP)) {
      if (isStopped) return 'unreachable';
      const receipt = await exchange.get(`/api/visits/${visitId}/receipt`, Receipt);
      if (receipt.record === record) await visits.saveReceipt(submissionId, receipt);
    }
    await completeReceipts();
    return 'reached';
  }

  /** Fetches receipts again that came while witnesses were away, or before the time-stamp. */
  async function completeReceipts(): Promise<void> {
    const threshold = parts.witnessThreshold?.() ?? 0;
    const isCosigned = ({ proof }: Receipt) => countCosignatures(proof) >= threshold;
    if (threshold > 0) await replaceReceipts(await visits.listScarcelyCosigned(threshold, GROUP), isCosigned);
    if (!parts.isStamped?.()) return;
    const acceptedBefore = new Date(parts.now().getTime() - STAMPED_AFTER_MS);
    const isComplete = (receipt: Receipt) => receipt.timestamp !== undefined && isCosigned(receipt);
    await replaceReceipts(await visits.listUnstamped(acceptedBefore, GROUP), isComplete);
  }

  /** Oldest first, until one is no better than it was: the others will not be either. */
  async function replaceReceipts(
    incomplete: readonly GatewayVisit[],
    isBetter: (receipt: Receipt) => boolean,
  ): Promise<void> {
    for (const { submissionId, visitId, record } of incomplete) {
      if (isStopped) return;
      const receipt = await exchange.get(`/api/visits/${visitId}/receipt`, Receipt);
      if (receipt.record !== record || !isBetter(receipt)) return;
      await visits.saveReceipt(submissionId, receipt);
    }
  }

  async function tryFlush(): Promise<ForwardResult> {
    try {
      return await flush();
    } catch (error) {
      if (!(error instanceof Problem)) parts.report(error);
      return 'unreachable';
    }
  }

  async function run(): Promise<void> {
    let backOffMs = SHORTEST_MS;
    while (!isStopped) {
      isWoken = false;
      const wasReached = (await tryFlush()) === 'reached';
      backOffMs = wasReached ? SHORTEST_MS : Math.min(backOffMs * 2, LONGEST_MS);
      await sleep((wasReached ? IDLE_MS : backOffMs) * (0.5 + parts.random()));
    }
  }

  const running = run();
  return {
    wake() {
      isWoken = true;
      wakeSleeper();
    },
    stop() {
      isStopped = true;
      wakeSleeper();
      return running;
    },
  };
}
