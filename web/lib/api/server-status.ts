import * as z from 'zod';
import { PublicExchangeStatus } from '#api/contract/public-exchange-status.ts';
import { GatewayStatus } from '#api/contract/gateway-api.ts';

/** What the server behind this page says of itself; gateways and exchanges serve the same app. */
export const ServerStatus = z.discriminatedUnion('role', [GatewayStatus.unwrap(), PublicExchangeStatus.unwrap()]);
export type ServerStatus = GatewayStatus | PublicExchangeStatus;
