import { createPayerSimulator } from '../payer-simulator/payer-simulator.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import type { RunnableApp } from './runnable-app.ts';

/** The payer simulator: it has no work of its own and keeps nothing. */
export function createPayerApp(world: SyntheticWorld, now: () => Date): RunnableApp {
  return { app: createPayerSimulator(world, now), start: () => {}, stop: () => Promise.resolve() };
}
