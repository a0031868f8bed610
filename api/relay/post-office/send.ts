import { Problem } from '../../contract/problem.ts';
import type { UnsentEnvelope } from '../../storage/post-office.ts';
import { handOn, type HandoverOutcome } from '../hand-on.ts';
import { IN_DOUBT_MS } from '../in-doubt.ts';
import { createPauses } from '../pauses.ts';
import { workInRounds, type LoopOptions } from '../work-loop.ts';
import { noteAnswer } from './follow.ts';
import { OUTBOX_BELL, type PostOfficeParts } from './parts.ts';

const LIMITS = { count: 64, bytes: 8 * 1024 * 1024 };

/** Sends what waits in the outbox to the exchange, until the signal is aborted. */
export function keepSending(parts: PostOfficeParts, options: LoopOptions): Promise<void> {
  const { store, client, bells } = parts;
  const pauses = createPauses(options, () => bells.ring(OUTBOX_BELL));
  return workInRounds(bells, OUTBOX_BELL, options, async () => {
    const waiting = await store.readUnsent({ ...LIMITS, except: pauses.closed() });
    if (waiting.length === 0) return 'idle';
    const live = await expireOver(parts, waiting);
    const byId = new Map(live.map((outgoing) => [outgoing.id, outgoing]));
    const settle = async (id: string, outcome: HandoverOutcome) => {
      const outgoing = byId.get(id);
      if (outgoing) await noteOutcome(parts, outgoing, outcome);
    };
    const readPiece = (id: string, offset: number, length: number) => store.readPiece(id, offset, length);
    try {
      await handOn({ client, readPiece, settle, pauses, signal: options.signal }, live);
      return 'done';
    } catch (error) {
      if (options.signal.aborted || error instanceof Problem) return 'failed';
      throw error;
    }
  });
}

async function expireOver(
  { store, now }: PostOfficeParts,
  waiting: readonly UnsentEnvelope[],
): Promise<readonly UnsentEnvelope[]> {
  const time = now();
  const isOver = ({ expires }: UnsentEnvelope) => expires.getTime() + IN_DOUBT_MS <= time.getTime();
  const over = waiting.filter(isOver);
  await Promise.all(over.map(({ id }) => store.noteState(id, 'expired', { receipts: [], lookAgain: time, at: time })));
  return waiting.filter((outgoing) => !isOver(outgoing));
}

async function noteOutcome(parts: PostOfficeParts, outgoing: UnsentEnvelope, outcome: HandoverOutcome): Promise<void> {
  if (outcome.kind === 'taken') return noteAnswer(parts, outgoing, outcome.answer);
  const time = parts.now();
  const { code } = outcome.problem;
  const ended = { receipts: [], lookAgain: time, at: time };
  if (code === 'envelope_expired') await parts.store.noteState(outgoing.id, 'expired', ended);
  else await parts.store.noteState(outgoing.id, 'refused', { ...ended, reason: code });
}
