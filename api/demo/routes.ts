import { Hono } from 'hono';
import * as z from 'zod';
import { Uuidv7, type InstitutionId } from '../contract/ids.ts';
import type { Person } from '../contract/person.ts';
import { RecordKind } from '../contract/record-kind.ts';
import { Problem } from '../contract/problem.ts';
import { readQuery } from '../http/request-body.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import { listDemoCards } from './demo-cards.ts';
import { listDemoStaff } from './staff.ts';
import { createSampleBundle } from './sample-bundle.ts';

const BundleQuery = z.object({ visit: Uuidv7, kind: RecordKind.default('laboratory') });

/**
 * What only a demonstration's gateway serves: `GET /demo/cards.json`, the cards for the simulated reader with their test
 * keys, `GET /demo/staff.json`, the people who sign in with simulated passkeys, and
 * `GET /demo/sample-bundle?visit=&kind=`, a file of that kind to register.
 */
export function createDemoRoutes(parts: {
  readonly world: SyntheticWorld;
  readonly institution: InstitutionId;
  readonly findVisit: (
    visitId: string,
  ) => Promise<{ readonly person: Person | null; readonly presentedAt: Date } | undefined>;
}): Hono {
  const { world, institution } = parts;
  return new Hono()
    .get('/demo/cards.json', (context) => context.json({ cards: listDemoCards(world, institution) }))
    .get('/demo/staff.json', (context) => context.json({ staff: listDemoStaff(institution) }))
    .get('/demo/sample-bundle', async (context) => {
      const query = readQuery(context, BundleQuery);
      const visit = await parts.findVisit(query.visit);
      if (!visit) throw new Problem('not_found', 'no such visit here');
      const { bundle, day } = createSampleBundle(world, visit, institution, query.kind);
      return context.body(JSON.stringify(bundle), 200, {
        'content-type': 'application/fhir+json',
        'content-disposition': `attachment; filename="sample-${query.kind}-${day}.json"`,
      });
    });
}
