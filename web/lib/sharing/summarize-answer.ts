import type { RecordKind } from '#api/contract/record-kind.ts';
import type { AvailableResults } from '#api/contract/results-query.ts';

/** An answer kind by kind. A kind goes by itself only when all of it does. */
export function summarizeAnswer({ results }: AvailableResults): readonly {
  readonly kind: RecordKind;
  readonly documents: number;
  readonly effect: AvailableResults['results'][number]['effect'];
}[] {
  return [...Map.groupBy(results, ({ kind }) => kind)].map(([kind, group]) => ({
    kind,
    documents: group.reduce((count, { documents }) => count + documents, 0),
    effect: group.some(({ effect }) => effect === 'ask') ? 'ask' : 'release',
  }));
}
