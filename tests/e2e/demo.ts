/**
 * The demo network that the browser tests share: its own ports and its own data, beside a network that may be running.
 * `E2E_PORT_BASE` moves it, where something else has these ports.
 */
export const DEMO_PORT_BASE = Number(process.env['E2E_PORT_BASE'] ?? 4700);
export const DEMO_DATA = 'test-results/demo';

export const gatewayA = `http://127.0.0.1:${DEMO_PORT_BASE + 100}`;
export const gatewayB = `http://127.0.0.1:${DEMO_PORT_BASE + 110}`;
export const exchangeEast = `http://127.0.0.1:${DEMO_PORT_BASE + 10}`;
