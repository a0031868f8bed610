import type * as z from 'zod';
import type { ExchangeConfig } from '../config/exchange-config.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { PayerSimulatorConfig } from '../config/server-config.ts';
import type { LocalName } from '../contract/ids.ts';

/** The five servers of the demonstration, in the order in which they start. */
export const NODES = [
  { name: 'payer', port: 0, label: { ja: '保険者(資格確認)の模擬', en: 'Payer simulator' } },
  { name: 'east', port: 10, label: { ja: '東 中継センター (EAST)', en: 'Exchange EAST' } },
  { name: 'west', port: 20, label: { ja: '西 中継センター (WEST)', en: 'Exchange WEST' } },
  { name: 'gateway-a', port: 100, label: { ja: 'さくら模擬病院 (A)', en: 'Gateway A, hospital on EAST' } },
  { name: 'gateway-b', port: 110, label: { ja: 'ほし模擬クリニック (B)', en: 'Gateway B, clinic on WEST' } },
] as const satisfies readonly { name: string; port: number; label: LocalName }[];

export type NodeName = (typeof NODES)[number]['name'];
export const NODE_NAMES = NODES.map(({ name }) => name);

/** Where each server is reached. */
export type Origins = Readonly<Record<NodeName, string>>;

/** First port of the demonstration unless another is asked for. */
export const DEFAULT_PORT_BASE = 4100;

/** Origins on loopback, each server a fixed distance behind the first port. */
export function originsFrom(portBase: number): Origins {
  return toOrigins((name) => portBase + (NODES.find((node) => node.name === name)?.port ?? 0));
}

/** @param portOf a port for each server */
export function toOrigins(portOf: (name: NodeName) => number): Origins {
  const origin = (name: NodeName) => `http://127.0.0.1:${portOf(name)}`;
  return {
    payer: origin('payer'),
    east: origin('east'),
    west: origin('west'),
    'gateway-a': origin('gateway-a'),
    'gateway-b': origin('gateway-b'),
  };
}

/** The configuration of one server, as it is written to its file. */
export type NodeConfig =
  z.input<typeof ExchangeConfig> | z.input<typeof GatewayConfig> | z.input<typeof PayerSimulatorConfig>;
