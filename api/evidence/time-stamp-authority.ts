import type { Certificate } from '../contract/certificate.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { encodeTimestampRequest, parseTimestampResponse, positiveInteger } from '../contract/evidence/rfc3161.ts';
import { verifyTimestamp } from '../contract/evidence/verify-timestamp.ts';
import type { Fetch } from '../http/exchange-client.ts';

/** A token over a digest, and the time it states. */
export interface Timestamp {
  /** `simulated` tokens prove nothing to anyone and are marked as what they are wherever they appear. */
  readonly kind: 'rfc3161' | 'simulated';
  readonly token: Uint8Array<ArrayBuffer>;
  readonly time: Date;
}

/** Somebody else's clock: states that a digest existed at a time. */
export interface TimeStampAuthority {
  readonly name: string;
  /** Pinned certificates that the path of its tokens ends in; none where a token proves nothing. */
  readonly anchors: readonly Certificate[];
  /** A verified token over a SHA-256 digest. @throws {EvidenceError} `timestamp_*` */
  stamp(digest: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<Timestamp>;
}

export interface HttpAuthorityParts {
  readonly url: string;
  /** Pinned certificates that the authority's path must end in. */
  readonly anchors: readonly Certificate[];
  readonly fetch: Fetch;
  /** Fills a buffer with random bytes. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;
  readonly timeoutMs?: number;
}

/** An RFC 3161 authority over HTTP (RFC 3161 §3.4). A token that does not verify is not returned. */
export function createHttpAuthority({
  url,
  anchors,
  fetch,
  random,
  timeoutMs = 10_000,
}: HttpAuthorityParts): TimeStampAuthority {
  return {
    name: url,
    anchors,
    async stamp(digest, signal) {
      const nonce = positiveInteger(random(new Uint8Array(8)));
      const response = await post(encodeTimestampRequest(digest, nonce), signal);
      const token = parseTimestampResponse(response);
      const { time } = await verifyTimestamp(token, { digest, nonce, anchors });
      return { kind: 'rfc3161', token, time };
    },
  };

  async function post(body: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/timestamp-query' },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      if (!response.ok) throw new EvidenceError('timestamp_unavailable', `status ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      if (cause instanceof EvidenceError) throw cause;
      throw new EvidenceError('timestamp_unavailable', url, { cause });
    }
  }
}

/** An authority for demonstrations: it reads our own clock, says so, and proves nothing. */
export function createSimulatedAuthority(clock: () => Date): TimeStampAuthority {
  return {
    name: 'simulated',
    anchors: [],
    stamp(digest) {
      const time = clock();
      const text = `simulated time-stamp\n${Buffer.from(digest).toString('base64')}\n${time.toISOString()}\n`;
      return Promise.resolve({ kind: 'simulated', token: new TextEncoder().encode(text), time });
    },
  };
}
