/** Composes the servers from their dependencies; nothing here opens a file, reads a clock or binds a port. */
export { createExchangeApp, EXCHANGE_SCHEMAS, type ExchangeParts } from './app/exchange.ts';
export { createGatewayApp, GATEWAY_SCHEMAS, type GatewayParts } from './app/gateway.ts';
export { createPayerApp } from './app/payer.ts';
export type { RunnableApp, Surroundings } from './app/runnable-app.ts';
