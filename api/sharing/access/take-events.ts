import { readAccessEvent, verifyAccessEvent } from '../../contract/access-event.ts';
import { commitRecord, SALT_SIZE } from '../../contract/evidence/commitment.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import { JoseError } from '../../contract/jose.ts';
import { Problem } from '../../contract/problem.ts';
import type { NewAccessEvent } from '../../storage/access-events.ts';
import type { AccessParts } from './parts.ts';

/**
 * Takes what a member says happened to the records it holds: each event signed by it, about its own. They are stored for the
 * person, and the evidence log gets a commitment to each, in one step.
 *
 * @throws {Problem} `malformed_request`, `forbidden`, `conflict`
 */
export async function takeEvents(
  parts: AccessParts,
  institution: InstitutionId,
  events: readonly string[],
): Promise<number> {
  const taken = await Promise.all(events.map((event) => verify(parts, institution, event)));
  await parts.events.accept(taken);
  return taken.length;
}

async function verify(parts: AccessParts, institution: InstitutionId, event: string): Promise<NewAccessEvent> {
  try {
    if (readAccessEvent(event).iss !== institution) throw new Problem('forbidden', "another institution's event");
    const { id, subject, action, at } = await verifyAccessEvent(event, parts.directory().institutionKeys(institution));
    const salt = parts.random(SALT_SIZE);
    const commitment = commitRecord(event, salt);
    return { id, subject, institution, action, at: new Date(at), event, salt, commitment };
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('malformed_request', cause.code, { cause });
  }
}
