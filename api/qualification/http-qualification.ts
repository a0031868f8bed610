import { QualificationError, type QualificationProvider } from './qualification.ts';
import { parseQualificationResult } from './response-result.ts';

export interface HttpQualificationOptions {
  /** Where the payer answers; the query is posted to `/qualification` there. */
  readonly origin: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** 10 seconds when left out: a patient stands at the desk. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** A payer that answers over HTTP with the qualification system's XML. What is not such an answer is no answer. */
export function createHttpQualification(options: HttpQualificationOptions): QualificationProvider {
  return {
    async check({ certificate, institution, at }) {
      const url = new URL('/qualification', options.origin);
      url.searchParams.set('institution', institution.slice(-10));
      url.searchParams.set('at', at.toISOString());
      const bytes = await post(url.href, Uint8Array.from(certificate), options);
      return parseQualificationResult(bytes);
    },
  };
}

async function post(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  options: HttpQualificationOptions,
): Promise<Uint8Array> {
  let status: number;
  let bytes: ArrayBuffer;
  try {
    const response = await options.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/pkix-cert', accept: 'application/xml' },
      body,
      signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    });
    ({ status } = response);
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new QualificationError('payer_unreachable', 'the payer did not answer', { cause });
  }
  if (status >= 500) throw new QualificationError('payer_unreachable', `the payer answered ${status}`);
  if (status !== 200) throw new QualificationError('payer_refused', `the payer answered ${status}`);
  return new Uint8Array(bytes);
}
