import { join } from 'node:path';
import { ExchangeStatus } from '../contract/exchange-status.ts';
import { operatorIssuer } from '../contract/operator-api.ts';
import { createOperatorLink } from '../contract/operator-link.ts';
import { createExchangeClient, type ExchangeClient, type Fetch } from '../http/exchange-client.ts';
import { readSigningKey } from '../server/key-files.ts';
import { DEMO_OPERATOR } from './describe-network.ts';
import type { Origins } from './nodes.ts';

export interface DemoOperator {
  readonly dataDirectory: string;
  readonly origins: Origins;
  readonly fetch: Fetch;
  readonly now: () => Date;
}

const readKey = (dataDirectory: string) => readSigningKey(join(dataDirectory, 'keys', `${DEMO_OPERATOR}-signing.json`));

/** Signed calls to one exchange of the demonstration in the name of its operator. */
export async function openOperatorClient(demo: DemoOperator, exchange: 'east' | 'west'): Promise<ExchangeClient> {
  const { dataDirectory, origins, fetch, now } = demo;
  const key = await readKey(dataDirectory);
  const self = operatorIssuer(DEMO_OPERATOR);
  return createExchangeClient({ origin: origins[exchange], self, exchange, key, fetch, now });
}

/** What the operator's screen of one exchange shows now. */
export const readExchangeStatus = async (demo: DemoOperator, exchange: 'east' | 'west'): Promise<ExchangeStatus> =>
  (await openOperatorClient(demo, exchange)).get('/api/operator/status', ExchangeStatus);

/** An address that opens the operator's screen of one exchange, once. */
export async function describeOperatorLink(
  { dataDirectory, origins, now }: Omit<DemoOperator, 'fetch'>,
  exchange: 'east' | 'west',
): Promise<string> {
  const expires = new Date(now().getTime() + 12 * 3_600_000);
  const key = await readKey(dataDirectory);
  return createOperatorLink({ operator: DEMO_OPERATOR, key, server: exchange, origin: origins[exchange], expires });
}
