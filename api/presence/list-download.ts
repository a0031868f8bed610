export interface DownloadOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** 5 seconds when left out. */
  readonly timeoutMs?: number;
  /** 16 MiB when left out; national lists are large, but not without limit. */
  readonly maximumSizeBytes?: number;
}

const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_MAXIMUM_SIZE_BYTES = 16 * 1024 * 1024;

/** The bytes at an address, or `undefined` when they cannot be had whole and in time. Says nothing about whether they are true. */
export async function downloadList(
  url: string,
  options: DownloadOptions,
  request: RequestInit = { headers: { accept: 'application/pkix-crl' } },
): Promise<Uint8Array | undefined> {
  const maximum = options.maximumSizeBytes ?? DEFAULT_MAXIMUM_SIZE_BYTES;
  try {
    const signal = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const response = await options.fetch(url, { ...request, signal });
    if (!response.ok || !response.body) return undefined;
    return await readAtMost(response.body, maximum);
  } catch {
    return undefined;
  }
}

async function readAtMost(body: ReadableStream<Uint8Array>, maximum: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maximum) return undefined;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
