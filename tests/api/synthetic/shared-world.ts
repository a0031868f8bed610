import { createSyntheticWorld, type SyntheticWorld } from '#api/synthetic/world.ts';

/** The instant at which the tests' world is made. */
export const NOW = new Date('2026-11-20T03:00:00Z');

let world: Promise<SyntheticWorld> | undefined;

/** One world for every test of a file: making keys takes seconds. Nobody changes it. */
export function sharedWorld(): Promise<SyntheticWorld> {
  world ??= createSyntheticWorld({ seed: 'tests', now: NOW });
  return world;
}
