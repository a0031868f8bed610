import { Hono } from 'hono';
import { BedOccupation, BedTap, NewBed, type BedList } from '../contract/bed.ts';
import { Uuidv7 } from '../contract/ids.ts';
import { readJson, readParameter } from '../http/request-body.ts';
import type { Ward } from './ward.ts';

/** A gateway's beds, for its signed-in terminals. */
export function createBedRoutes(ward: Ward): Hono {
  return new Hono()
    .get('/api/beds', async (context) => context.json({ beds: await ward.list() } satisfies BedList))
    .post('/api/beds', async (context) => context.json(await ward.add(await readJson(context, NewBed)), 201))
    .delete('/api/beds/:id', async (context) => {
      await ward.remove(readParameter(context, 'id', Uuidv7));
      return context.body(null, 204);
    })
    .put('/api/beds/:id/occupant', async (context) => {
      const id = readParameter(context, 'id', Uuidv7);
      return context.json(await ward.occupy(id, await readJson(context, BedOccupation)));
    })
    .post('/api/beds/:id/confirmations', async (context) => {
      const id = readParameter(context, 'id', Uuidv7);
      const { visitId } = await readJson(context, BedTap);
      return context.json(await ward.confirm(id, visitId));
    });
}
