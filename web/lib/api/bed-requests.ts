import * as z from 'zod';
import { Bed, BedConfirmation, BedList, type BedOccupation, type NewBed } from '#api/contract/bed.ts';
import type { HttpClient, RequestOptions } from './http-client.ts';

const Nothing = z.undefined();

/** The beds of this institution (`api/contract/bed.ts`) as functions. */
export const createBedRequests = (http: HttpClient) => ({
  fetchBeds: (options?: RequestOptions) => http.get('/api/beds', BedList, options),
  addBed: (bed: NewBed) => http.post('/api/beds', bed, Bed),
  removeBed: (id: string) => http.delete(`/api/beds/${encodeURIComponent(id)}`, Nothing),
  occupyBed: (id: string, occupation: BedOccupation) =>
    http.put(`/api/beds/${encodeURIComponent(id)}/occupant`, occupation, Bed),
  confirmBed: (id: string, visitId: string) =>
    http.post(`/api/beds/${encodeURIComponent(id)}/confirmations`, { visitId }, BedConfirmation),
});

export type BedRequests = ReturnType<typeof createBedRequests>;
