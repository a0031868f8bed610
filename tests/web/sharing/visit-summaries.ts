import type { VisitSummary } from '#api/contract/visits-api.ts';

/** Synthetic visits, one a minute, the first the newest. */
export function visitAt(index: number, change: Partial<VisitSummary> = {}): VisitSummary {
  const at = new Date(Date.UTC(2026, 10, 23, 3) - index * 60_000).toISOString();
  const number = index.toString(16).padStart(12, '0');
  return {
    submissionId: `019ab000-0000-7000-8000-${number}`,
    visitId: `019ab000-0000-7000-9000-${number}`,
    state: 'recorded',
    presentedAt: at,
    receivedAt: at,
    person: {
      subject: index.toString(16).padStart(43, 'A'),
      name: `架空\u3000${index}`,
      kana: `カクウ\u3000${index}`,
      birthDate: '1980-01-01',
      sex: 'unknown',
    },
    documents: 0,
    ...change,
  };
}
