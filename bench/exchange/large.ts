import { digestBase64Url } from '../../api/contract/encoding.ts';
import { sealEnvelope, type Envelope } from '../../api/contract/envelope.ts';
import { ENVELOPE_HEADER } from '../../api/contract/exchange-api.ts';
import { createId } from '../../api/contract/ids.ts';
import { openLargeBody, sealLargeBody } from '../../api/contract/large-body.ts';
import { EnvelopeAnswer, PIECE_LIMIT_BYTES, UploadState } from '../../api/contract/relay-api.ts';
import type { ExchangeClient } from '../../api/http/exchange-client.ts';
import { fetchBody } from '../../api/relay/post-office/fetch-body.ts';
import type { Party } from './parties.ts';

const SIZE_BUCKET = 64 * 1024 ** 2;
const DAY_MS = 86_400_000;

/** How long each step of the largest body takes, in milliseconds. */
export interface LargeTimes {
  readonly seal: number;
  readonly upload: number;
  readonly fetch: number;
  readonly open: number;
}

/** One body of 64 MiB, sealed, uploaded piece by piece, fetched piece by piece, opened. */
export async function carryLargeBody(
  from: { readonly party: Party; readonly client: ExchangeClient },
  to: { readonly party: Party; readonly client: ExchangeClient },
): Promise<LargeTimes> {
  let before = performance.now();
  const lap = () => {
    const took = performance.now() - before;
    before = performance.now();
    return took;
  };
  const body = await sealLargeBody(new Uint8Array(SIZE_BUCKET).fill(0x20), to.party.encryption.publicJwk);
  const now = Date.now();
  const envelope: Envelope = {
    ...{ version: 1, id: createId(), from: from.party.id, to: to.party.id, kind: 'release', priority: 'bulk' },
    ...{ conversation: createId(), sizeBucket: SIZE_BUCKET, digest: digestBase64Url(body) },
    ...{ created: new Date(now).toISOString(), expires: new Date(now + DAY_MS).toISOString() },
  };
  const sealed = { headers: { [ENVELOPE_HEADER]: await sealEnvelope(envelope, from.party.signing) } };
  const seal = lap();
  await from.client.post(`/api/uploads?size=${body.length}`, undefined, UploadState, sealed);
  for (let at = 0; at < body.length; at += PIECE_LIMIT_BYTES) {
    const path = `/api/uploads/${envelope.id}/pieces?offset=${at}`;
    await from.client.post(path, body.subarray(at, at + PIECE_LIMIT_BYTES), UploadState);
  }
  await from.client.post('/api/envelopes', undefined, EnvelopeAnswer, sealed);
  const upload = lap();
  const options = { signal: new AbortController().signal, random: Math.random };
  const fetched = await fetchBody(to.client, { id: envelope.id, size: body.length }, options);
  const fetch = lap();
  if (digestBase64Url(fetched) !== envelope.digest) throw new TypeError('another body came back');
  await openLargeBody(fetched, [to.party.encryption]);
  const open = lap();
  await to.client.post(`/api/mailbox/${envelope.id}/acknowledgements`, undefined, EnvelopeAnswer);
  return { seal, upload, fetch, open };
}
