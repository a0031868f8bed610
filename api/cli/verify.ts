import { EvidenceError } from '../contract/evidence/errors.ts';
import { parseTrust, type ReceiptTrust } from '../contract/evidence/trust.ts';
import { verifyReceiptText, type ReceiptCheck, type ReceiptVerdict } from '../contract/evidence/verify-receipt.ts';
import { parseCommand } from './arguments.ts';
import { SENTENCES, type Sentences } from './sentences.ts';

/** What scripts may rely on. */
export const EXIT_CODES = { holds: 0, fails: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The world around the command line. */
export interface CliParts {
  /** UTF-8 text of a file; rejects when it cannot be read. */
  readonly readText: (file: string) => Promise<string>;
  readonly write: (line: string) => void;
  /** The environment's locale, e.g. `ja_JP.UTF-8`. */
  readonly locale?: string;
}

/** `tsunagi verify FILE`: checks a receipt with pinned keys and no network, and says each check's result. */
export async function runCli(args: readonly string[], { readText, write, locale }: CliParts): Promise<ExitCode> {
  const command = parseCommand(args, locale);
  if (command.kind === 'usage') {
    write(SENTENCES.ja.usage);
    write(SENTENCES.en.usage);
    return EXIT_CODES.usage;
  }
  const sentences = SENTENCES[command.language];
  let trust: ReceiptTrust;
  let text: string;
  let reading = command.trust;
  try {
    trust = parseTrust(await readText(command.trust));
    reading = command.file;
    text = await readText(command.file);
  } catch (error) {
    write(sentences.unreadable(reading));
    if (error instanceof EvidenceError) write(sentences.reasons[error.code]);
    return EXIT_CODES.usage;
  }
  const verdict = await verifyReceiptText(text, trust);
  describeVerdict(verdict, sentences).forEach(write);
  return verdict.ok ? EXIT_CODES.holds : EXIT_CODES.fails;
}

const MARKS: Readonly<Record<ReceiptCheck['outcome'], string>> = {
  passed: '✓',
  failed: '✗',
  not_checked: '?',
  not_required: '–',
};

function describeVerdict({ checks, ok, visit }: ReceiptVerdict, sentences: Sentences): readonly string[] {
  const lines = checks.map(({ code, outcome, facts, reason }) => {
    const shown = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    const line = `${MARKS[outcome]} ${sentences.checks[code]}: ${sentences.outcomes[outcome]}`;
    return [line, reason && `    ${sentences.reasons[reason]}`, shown.length > 0 && `    ${shown.join(' ')}`];
  });
  const about = visit && sentences.visit(visit.institution, visit.presentedAt, visit.acceptedAt);
  return [about, ...lines.flat(), ok ? sentences.holds : sentences.fails].filter((line) => typeof line === 'string');
}
