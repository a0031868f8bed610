/** Composes the servers from their dependencies; nothing here opens a file, reads a clock or binds a port. */
export { createExchangeApp } from './app/exchange.ts';
export type { ExchangeParts } from './app/exchange-services.ts';
export { createGatewayApp } from './app/gateway.ts';
export type { GatewayParts } from './app/gateway-services.ts';
export { createPayerApp } from './app/payer.ts';
export type { RunnableApp, ServerControl, Surroundings } from './app/runnable-app.ts';
