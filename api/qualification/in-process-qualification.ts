import type { Hono } from 'hono';
import { createHttpQualification } from './http-qualification.ts';
import type { QualificationProvider } from './qualification.ts';

/** A payer in the same process: its app is asked through the same requests and answers, without a socket. */
export function createInProcessQualification(payer: Hono): QualificationProvider {
  return createHttpQualification({
    origin: 'http://payer.internal',
    fetch: async (url, init) => payer.request(url, init),
  });
}
