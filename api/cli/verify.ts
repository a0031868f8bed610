import { EvidenceError } from '../contract/evidence/errors.ts';
import { parseTrust, type ReceiptTrust } from '../contract/evidence/trust.ts';
import { verifyEvidenceText } from '../contract/evidence/verify-file.ts';
import { parseCommand } from './arguments.ts';
import { describeResult } from './describe-result.ts';
import { SENTENCES } from './sentences.ts';

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

/** `tsunagi verify FILE`: checks a receipt or an auditor's export with pinned keys and no network, and says each check's result. */
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
  const result = await verifyEvidenceText(text, trust);
  describeResult(result, sentences).forEach(write);
  return result.verdict.ok ? EXIT_CODES.holds : EXIT_CODES.fails;
}
