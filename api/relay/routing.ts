import * as z from 'zod';
import { Uuidv7 } from '../contract/ids.ts';
import { JoseError, readClaims } from '../contract/jose.ts';
import { Problem } from '../contract/problem.ts';

/** Conversations that fit into the address of a mailbox request. */
export const EXCEPT_LIMIT = 32;

const Routing = z.object({ id: Uuidv7, conversation: Uuidv7 });

/** Which envelope, of which conversation, before anything is verified. @throws {Problem} `envelope_malformed` */
export function readRouting(seal: string): z.infer<typeof Routing> {
  try {
    return readClaims(seal, Routing);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('envelope_malformed', cause.code, { cause });
  }
}
