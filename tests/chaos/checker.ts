import type { ReceivedLetter, SentLetter } from './diary.ts';
import { parseLetter } from './letter.ts';

/** What both ends of every message say. */
export interface Findings {
  readonly sent: number;
  readonly delivered: number;
  readonly expired: number;
  readonly refused: number;
  /** Every promise that was not kept, in words. */
  readonly broken: readonly string[];
}

export interface Logs {
  readonly gateway: string;
  readonly sent: readonly SentLetter[];
  readonly received: readonly ReceivedLetter[];
}

/**
 * Compares the logs of all ends: acknowledged is delivered exactly once; expired and refused is not delivered; nothing is
 * unfinished; nobody got what nobody sent; inside a conversation nothing overtook.
 */
export function checkLogs(all: readonly Logs[]): Findings {
  const deliveries = new Map<string, number>();
  for (const { received } of all) {
    for (const { envelope } of received) deliveries.set(envelope, (deliveries.get(envelope) ?? 0) + 1);
  }
  const sent = all.flatMap((logs) => logs.sent);
  const counts = { acknowledged: 0, expired: 0, refused: 0 };
  const broken: string[] = [];
  for (const { envelope, letter, state } of sent) {
    const { name } = parseLetter(letter);
    const times = deliveries.get(envelope) ?? 0;
    const expected = state === 'acknowledged' ? 1 : 0;
    if (state === 'acknowledged' || state === 'expired' || state === 'refused') counts[state] += 1;
    else broken.push(`letter ${name} ended nowhere: ${state ?? 'not accepted'}, delivered ${times} times`);
    if (times !== expected) broken.push(`letter ${name} was reported ${state} and delivered ${times} times`);
  }
  const known = new Set(sent.map(({ letter }) => letter));
  if (known.size !== sent.length) broken.push(`${sent.length - known.size} letters were written twice`);
  for (const { gateway, received } of all) {
    const strange = received.filter(({ letter }) => !known.has(letter));
    if (strange.length > 0) broken.push(`${gateway} got ${strange.length} letters that nobody wrote`);
    broken.push(...findOvertaken(gateway, received, sent));
  }
  return {
    ...{ sent: sent.length, delivered: counts.acknowledged, expired: counts.expired, refused: counts.refused, broken },
  };
}

/** Letters of one conversation that arrived before an earlier one of it. */
function findOvertaken(gateway: string, received: readonly ReceivedLetter[], sent: readonly SentLetter[]): string[] {
  const lasts = new Map<string, number>();
  const order = new Map(sent.map(({ envelope }, place) => [envelope, place]));
  return received.flatMap(({ letter, envelope }) => {
    const { name, conversation, place } = parseLetter(letter);
    const last = lasts.get(conversation) ?? -1;
    lasts.set(conversation, Math.max(last, place));
    return place < last && order.has(envelope)
      ? [`${gateway} got letter ${name} after a later one of its conversation`]
      : [];
  });
}
