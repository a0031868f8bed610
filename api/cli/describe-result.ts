import type { Check, CheckOutcome } from '../contract/evidence/check.ts';
import type { ChainFault } from '../contract/evidence/record-chain.ts';
import type { ExportCheckCode } from '../contract/evidence/verify-export.ts';
import type { FileVerdict } from '../contract/evidence/verify-file.ts';
import type { ReceiptCheckCode } from '../contract/evidence/verify-receipt.ts';
import type { Sentences } from './sentences.ts';

const MARKS: Readonly<Record<CheckOutcome, string>> = { passed: '✓', failed: '✗', not_checked: '?', not_required: '–' };

/** The lines a person reads: what it is about, every check with its facts, and the verdict last. */
export function describeResult({ kind, verdict }: FileVerdict, sentences: Sentences): readonly string[] {
  const { holds, fails } = sentences[kind];
  return [
    ...(kind === 'receipt'
      ? describeVisit(verdict.visit, sentences)
      : [sentences.range(verdict.leaves, verdict.forgotten, verdict.access)]),
    ...verdict.checks.flatMap((check) => describeCheck(check, sentences)),
    ...(kind === 'export' ? verdict.faults.map((fault) => describeFault(fault, sentences)) : []),
    verdict.ok ? holds : fails,
  ];
}

function describeVisit(
  visit: (FileVerdict & { readonly kind: 'receipt' })['verdict']['visit'],
  sentences: Sentences,
): readonly string[] {
  return visit ? [sentences.visit(visit.institution, visit.presentedAt, visit.acceptedAt)] : [];
}

function describeCheck(
  { code, outcome, facts, reason }: Check<ReceiptCheckCode | ExportCheckCode>,
  sentences: Sentences,
): readonly string[] {
  const shown = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
  return [
    `${MARKS[outcome]} ${sentences.checks[code]}: ${sentences.outcomes[outcome]}`,
    ...(reason ? [`    ${sentences.reasons[reason]}`] : []),
    ...(shown.length > 0 ? [`    ${shown.join(' ')}`] : []),
  ];
}

function describeFault(fault: ChainFault, sentences: Sentences): string {
  const { kind, ...place } = fault;
  return `  ! ${sentences.faults[kind]}: ${Object.values(place).join(' ')}`;
}
