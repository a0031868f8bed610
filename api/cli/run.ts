import * as z from 'zod';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { parseTrust, type ReceiptTrust } from '../contract/evidence/trust.ts';
import { verifyEvidenceFile } from '../contract/evidence/verify-file.ts';
import { Problem } from '../contract/problem.ts';
import { auditLog } from './audit.ts';
import { parseCommand, type Command } from './arguments.ts';
import { fetchExport, forgetPerson } from './operate.ts';
import { obstacleOf } from './file-obstacle.ts';
import { describeResult } from './describe-result.ts';
import { placesOfTrust, readFirst } from './find-trust.ts';
import { SENTENCES, type Sentences } from './sentences.ts';

/** What scripts may rely on. `usage` stands for every question that could not be asked. */
export const EXIT_CODES = { holds: 0, fails: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The world around the command line. */
export interface CliParts {
  /** The bytes of a file; rejects when it cannot be read. */
  readonly readFile: (file: string) => Promise<Uint8Array>;
  /** Writes a file anew; rejects when one is there or cannot be written. */
  readonly writeFile?: (file: string, bytes: Uint8Array) => Promise<void>;
  readonly write: (line: string) => void;
  readonly fetch: typeof fetch;
  /** The environment's locale, e.g. `ja_JP.UTF-8`. */
  readonly locale?: string;
}

/**
 * `tsunagi verify FILE`: checks a receipt (JSON, QR text, COSE) or an auditor's export with pinned keys and no network,
 * and says each check's result. `tsunagi audit FILE URL`: asks the log itself whether it still extends what the receipt
 * was issued under. `tsunagi export` and `tsunagi forget` are an operator's orders to an exchange.
 */
export async function runCli(args: readonly string[], parts: CliParts): Promise<ExitCode> {
  const { readFile, write, fetch, locale } = parts;
  const command = parseCommand(args, locale);
  if (command.kind === 'usage' || command.kind === 'help') {
    for (const { usage, help } of [SENTENCES.ja, SENTENCES.en])
      write(command.kind === 'help' ? `${usage}\n${help}` : usage);
    return command.kind === 'help' ? EXIT_CODES.holds : EXIT_CODES.usage;
  }
  const sentences = SENTENCES[command.language];
  if (command.kind === 'export' || command.kind === 'forget') return runOperated(command, sentences, parts);
  let trust: ReceiptTrust;
  let bytes: Uint8Array;
  const readText = async (file: string) => new TextDecoder().decode(await readFile(file));
  const places = command.trust === undefined ? placesOfTrust(command.file) : [command.trust];
  const pinned = await readFirst(places, readText);
  if (!pinned) {
    write(command.trust === undefined ? sentences.noTrust(places) : sentences.unreadable(command.trust));
    return EXIT_CODES.usage;
  }
  let reading = pinned.file;
  try {
    trust = parseTrust(pinned.text);
    reading = command.file;
    bytes = await readFile(command.file);
  } catch (error) {
    write(sentences.unreadable(reading));
    if (error instanceof EvidenceError) write(sentences.reasons[error.code]);
    const obstacle = obstacleOf(error);
    if (obstacle) write(sentences.obstacles[obstacle]);
    return EXIT_CODES.usage;
  }
  if (command.trust === undefined) write(sentences.trusting(pinned.file));
  return command.kind === 'verify'
    ? runVerify(bytes, trust, sentences, write)
    : runAudit(new TextDecoder().decode(bytes), command.url, trust, sentences, { write, fetch });
}

async function runVerify(
  bytes: Uint8Array,
  trust: ReceiptTrust,
  sentences: Sentences,
  write: CliParts['write'],
): Promise<ExitCode> {
  const result = await verifyEvidenceFile(bytes, trust);
  describeResult(result, sentences).forEach(write);
  return result.verdict.ok ? EXIT_CODES.holds : EXIT_CODES.fails;
}

async function runAudit(
  receipt: string,
  url: string,
  trust: ReceiptTrust,
  sentences: Sentences,
  { write, fetch }: Pick<CliParts, 'write' | 'fetch'>,
): Promise<ExitCode> {
  try {
    const { old, now } = await auditLog(receipt, url, trust, fetch);
    write(sentences.audit.holds(old, now));
    return EXIT_CODES.holds;
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    write(sentences.reasons[error.code]);
    // A log that is away has not been caught at anything.
    if (error.code === 'log_unreachable') return EXIT_CODES.usage;
    write(sentences.audit.fails);
    return EXIT_CODES.fails;
  }
}

async function runOperated(
  command: Extract<Command, { readonly kind: 'export' | 'forget' }>,
  sentences: Sentences,
  { readFile, writeFile, write, fetch }: CliParts,
): Promise<ExitCode> {
  const { url, operator } = command;
  try {
    const key = parseJwk(await readFile(command.key));
    const call = { origin: url, operator, key, fetch, now: () => new Date() };
    if (command.kind === 'forget') {
      write(sentences.forgotten(await forgetPerson(call, command.subject)));
    } else {
      await writeFile?.(command.file, await fetchExport(call, command.begin, command.end));
      write(sentences.exported(command.file));
    }
    return EXIT_CODES.holds;
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      write(sentences.notDone(sentences.unreadable(command.key)));
      return EXIT_CODES.usage;
    }
    write(sentences.notDone(error instanceof Error ? error.message : ''));
    const isAnswer = error instanceof Problem && error.code !== 'exchange_unreachable';
    return isAnswer ? EXIT_CODES.fails : EXIT_CODES.usage;
  }
}

/** @throws {SyntaxError} {z.ZodError} when the file is no key */
const parseJwk = (bytes: Uint8Array) => EcPrivateJwk.parse(JSON.parse(new TextDecoder().decode(bytes)));

const EcPrivateJwk = z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string(), d: z.string() });
