import { createCosigning, type CosigningResult } from './cosigning.ts';
import type { EvidenceLog } from './log.ts';
import { startLoop, type LoopOptions } from './loop.ts';
import type { Witness } from './witness.ts';

export interface WitnessingParts {
  readonly log: EvidenceLog;
  readonly witnesses: readonly Witness[];
  /** Cosignatures that a receipt should carry. */
  readonly threshold: number;
  /** Longest time that somebody waits for cosignatures. */
  readonly waitMs?: number;
}

/** How one witness stands: `away` was asked in vain, `refusing` saw something it does not vouch for. */
export interface WitnessState {
  readonly name: string;
  readonly state: 'unknown' | 'cosigning' | 'away' | 'refusing';
  /** Leaves under the newest checkpoint it cosigned since this server started. */
  readonly size: number | null;
}

export interface WitnessingStatus {
  readonly threshold: number;
  readonly witnesses: readonly WitnessState[];
}

/** A person stands at a desk meanwhile. */
const DEFAULT_WAIT_MS = 1000;
const INTERVAL_MS = 500;

/**
 * Has every new checkpoint cosigned, soon enough for receipts to carry the cosignatures.
 *
 * Nobody waits for a witness that failed when it was last asked: those are asked again beside, at every interval. While too
 * few are left for the threshold nobody waits at all.
 */
export function createWitnessing({ log, witnesses, threshold, waitMs = DEFAULT_WAIT_MS }: WitnessingParts) {
  const cosigning = createCosigning(log, witnesses);
  const states = new Map(
    witnesses.map(({ verifier: { name } }): [string, WitnessState] => [name, { name, state: 'unknown', size: null }]),
  );
  const failing = new Set<Witness>();
  let running: Promise<unknown> | undefined;
  let next: Promise<unknown> | undefined;
  let asking: Promise<unknown> | undefined;
  let isStopped = false;

  const note = (witness: Witness, { size, error }: CosigningResult) => {
    const { name } = witness.verifier;
    if (error) failing.add(witness);
    else failing.delete(witness);
    const failure = error?.code === 'witness_refused' ? 'refusing' : 'away';
    const known = states.get(name)?.size ?? null;
    states.set(name, error ? { name, state: failure, size: known } : { name, state: 'cosigning', size });
  };
  const ask = async (among: readonly Witness[]) => {
    const results = await cosigning.cosignLatest(among);
    among.forEach((witness, i) => results[i] && note(witness, results[i]));
  };
  const present = () => witnesses.filter((witness) => !failing.has(witness));
  const begin = (): Promise<unknown> => {
    next = undefined;
    const round = (isStopped ? Promise.resolve() : ask(present())).finally(() => {
      if (running === round) running = undefined;
    });
    return (running = round);
  };
  /** A round that begins after the call; one at a time, and one more for all who ask meanwhile. */
  const round = (): Promise<unknown> => {
    if (!running) return begin();
    return (next ??= running.then(begin, begin));
  };
  /** Not waited for by anybody but `stop`. */
  const askFailing = () => {
    if (asking || failing.size === 0) return;
    asking = ask([...failing]).finally(() => (asking = undefined));
  };

  return {
    /**
     * Resolves when the witnesses have seen the checkpoint that is newest now or a later one, or will not in time. Never rejects: what
     * fails here is tried again, and seen, by the loop.
     */
    async waitForRound(): Promise<void> {
      if (threshold === 0 || isStopped || present().length < threshold) return;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
      const done = round().catch(() => {});
      await Promise.race([done, late]);
      clearTimeout(timer);
    },
    status: (): WitnessingStatus => ({ threshold, witnesses: [...states.values()] }),
    /** Rounds by itself; returns what stops it and awaits what is under way. */
    start({ intervalMs = INTERVAL_MS, onFailure }: Pick<LoopOptions, 'intervalMs' | 'onFailure'> = {}) {
      const loop = startLoop(
        async () => {
          askFailing();
          await round();
        },
        { intervalMs, ...(onFailure ? { onFailure } : {}) },
      );
      loop.wake();
      return async () => {
        isStopped = true;
        await loop.stop();
        await Promise.allSettled([running, next, asking]);
      };
    },
  };
}
