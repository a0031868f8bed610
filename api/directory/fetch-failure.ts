import type { PeerFinding } from '../contract/operator-api.ts';

/** Codes of Node's resolver that mean that the name leads nowhere. */
const NAME_CODES = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'];
/** Codes of Node and OpenSSL that mean that the connection stands and the other side's certificate does not. */
const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/;

/** What a rejected `fetch` means: undici hides the system's code in the causes of a `TypeError`. */
export function readFetchFailure(error: unknown): { readonly finding: PeerFinding; readonly detail: string } {
  const codes = [...causesOf(error)].flatMap((cause) =>
    typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
      ? [cause.code]
      : [],
  );
  const detail = codes[0] ?? (error instanceof Error ? error.name : 'failed');
  if (codes.some((code) => TLS_CODE.test(code))) return { finding: 'tls_untrusted', detail };
  if (codes.some((code) => NAME_CODES.includes(code))) return { finding: 'name_unknown', detail };
  return { finding: 'unreachable', detail };
}

function* causesOf(error: unknown): Generator<unknown> {
  let cause = error;
  // A cause may name itself.
  for (let depth = 0; depth < 8 && cause !== undefined && cause !== null; depth += 1) {
    yield cause;
    if (cause instanceof AggregateError) yield* cause.errors;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
}
