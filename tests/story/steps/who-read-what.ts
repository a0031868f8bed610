import { require } from '../eventually.ts';
import type { Transcript } from '../transcript.ts';
import { findPlaintext } from '../what-parties-hold.ts';

const PARTIES = [
  { server: 'gateway-a', name: 'hospital A', mayRead: true },
  { server: 'east', name: 'EAST', mayRead: false },
  { server: 'west', name: 'WEST', mayRead: false },
  { server: 'gateway-b', name: 'clinic B', mayRead: true },
] as const;

/**
 * Looks for words of the patient and the results in everything the four parties stored. The two hospitals must hold
 * them, which proves that the search finds; the exchanges must not.
 */
export function searchStores(dataDirectory: string, needles: readonly string[], transcript: Transcript): void {
  for (const { server, name, mayRead } of PARTIES) {
    const found = findPlaintext(dataDirectory, server, needles);
    transcript.line(
      found.length === 0
        ? `${name.padEnd(10)} holds none of: ${needles.join(' · ')}`
        : `${name.padEnd(10)} holds: ${found.join(' · ')}`,
    );
    require(mayRead
      ? found.length > 0
      : found.length === 0, `${name} ${mayRead ? 'should' : 'must not'} hold the results`);
  }
}
