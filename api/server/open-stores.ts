import { ConfigError } from '../config/config-error.ts';
import type { ExchangeConfig } from '../config/exchange-config.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Surroundings } from '../app.ts';
import type { ExchangeStores } from '../storage/exchange-stores.ts';
import type { GatewayStores } from '../storage/gateway-stores.ts';
import type { PostgresPlace } from '../storage/postgres/database.ts';
import { openPostgresExchangeStores } from '../storage/postgres/exchange-stores.ts';
import { openPostgresGatewayStores } from '../storage/postgres/gateway-stores.ts';
import { openSqliteExchangeStores } from '../storage/sqlite/exchange-stores.ts';
import { openSqliteGatewayStores } from '../storage/sqlite/gateway-stores.ts';

/** What opening a database takes from around it. */
type Around = Pick<Surroundings, 'databaseUrl' | 'random'>;

/** How a path of the configuration becomes one of this machine. */
type Place = (path: string) => string;

/** The driver is chosen here and nowhere else: a path is an embedded database, anything else is PostgreSQL. */
export async function openExchangeStores(
  { id, database }: ExchangeConfig,
  at: Place,
  world: Around,
): Promise<ExchangeStores> {
  if (typeof database === 'string') return openSqliteExchangeStores(at(database));
  return openPostgresExchangeStores(findPlace(database, `exchange_${id}`, world), world.random);
}

export async function openGatewayStores(
  { institution, database }: GatewayConfig,
  at: Place,
  world: Around,
): Promise<GatewayStores> {
  if (typeof database === 'string') return openSqliteGatewayStores(at(database));
  return openPostgresGatewayStores(findPlace(database, 'gateway', world), institution.id, world.random);
}

/** @throws {ConfigError} `config_invalid` when nothing says where the database is */
function findPlace(
  { url, schema, connections }: Exclude<ExchangeConfig['database'], string>,
  namespace: string,
  { databaseUrl }: Around,
): PostgresPlace {
  const place = url ?? databaseUrl;
  if (place === undefined) {
    throw new ConfigError('config_invalid', 'database.url is not given, and DATABASE_URL is not set');
  }
  return { url: place, namespace: schema ?? namespace, ...(connections === undefined ? {} : { connections }) };
}
