import { parseDecimal } from '../contract/evidence/canonical-text.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import type { VerifierKey } from '../contract/evidence/verifier-key.ts';
import type { Fetch } from '../http/exchange-client.ts';
import type { Witness, WitnessAnswer } from './witness.ts';

export interface HttpWitnessParts {
  /** The witness's submission prefix, without a final slash. */
  readonly prefix: string;
  readonly verifier: VerifierKey;
  readonly fetch: Fetch;
  readonly timeoutMs?: number;
}

/** A witness reached over HTTP (C2SP tlog-witness). What it answers is believed only after verification. */
export function createHttpWitness({ prefix, verifier, fetch, timeoutMs = 5_000 }: HttpWitnessParts): Witness {
  return {
    verifier,
    async addCheckpoint(body) {
      let response: Response;
      let text: string;
      try {
        const signal = AbortSignal.timeout(timeoutMs);
        response = await fetch(`${prefix}/add-checkpoint`, { method: 'POST', body, signal });
        text = await response.text();
      } catch (cause) {
        throw new EvidenceError('witness_unreachable', verifier.name, { cause });
      }
      return readAnswer(response, text);
    },
  };
}

function readAnswer({ status, headers }: Response, text: string): WitnessAnswer {
  if (status === 200) return { kind: 'cosigned', status, lines: text };
  if (status === 409 && headers.get('content-type') === 'text/x.tlog.size') {
    const size = parseDecimal(text.replace(/\n$/, ''));
    if (size === undefined) throw new EvidenceError('witness_answer_malformed', 'not a tree size');
    return { kind: 'other_size', status, size };
  }
  const known = ([400, 403, 404, 409, 422] as const).find((code) => code === status);
  if (!known) throw new EvidenceError('witness_unreachable', `status ${status}`);
  return { kind: 'refused', status: known, reason: text.trim() };
}
