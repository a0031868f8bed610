import { Forgotten } from '../contract/evidence/forgetting.ts';
import { PublicExchangeStatus } from '../contract/public-exchange-status.ts';
import { importSigningKey, type JWK } from '../contract/jose.ts';
import { operatorIssuer } from '../contract/operator-api.ts';
import { Problem } from '../contract/problem.ts';
import { createExchangeClient, type ExchangeClient, type Fetch } from '../http/exchange-client.ts';

/** Who asks, and whom: an operator's private key (JWK), the name it is configured under, the exchange's address. */
export interface OperatorCall {
  readonly origin: string;
  readonly operator: string;
  readonly key: JWK;
  readonly fetch: Fetch;
  readonly now: () => Date;
}

/** The bytes of an export of leaves `begin` to `end` (exclusive). @throws {Problem} */
export async function fetchExport(call: OperatorCall, begin: number, end: number): Promise<Uint8Array> {
  return (await connect(call)).getBytes(`/api/operator/evidence/export?begin=${begin}&end=${end}`);
}

/** Has a person forgotten; resolves with how many records went. @throws {Problem} */
export async function forgetPerson(call: OperatorCall, subject: string): Promise<number> {
  const client = await connect(call);
  return (await client.post('/api/operator/evidence/forgettings', { subject }, Forgotten)).records;
}

/**
 * An exchange signs in nobody who names another one: it says itself who it is.
 *
 * @throws {Problem} `exchange_unreachable`
 */
async function connect({ origin, operator, key, fetch, now }: OperatorCall): Promise<ExchangeClient> {
  const said: unknown = await fetch(`${origin}/api/status`, {})
    .then((response) => response.json())
    .catch((cause: unknown) => {
      throw new Problem('exchange_unreachable', `no exchange answers at ${origin}`, { cause });
    });
  const status = PublicExchangeStatus.safeParse(said);
  if (!status.success) throw new Problem('exchange_unreachable', `what answers at ${origin} is no exchange`);
  const { exchange } = status.data;
  const self = operatorIssuer(operator);
  return createExchangeClient({ origin, self, exchange, key: await importSigningKey(key), fetch, now });
}
