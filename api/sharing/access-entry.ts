import { signAccessEvent, type AccessAction, type Answerer } from '../contract/access-event.ts';
import type { Doctor } from '../contract/doctor.ts';
import { createId, type InstitutionId, type Subject } from '../contract/ids.ts';
import { presenceHash } from '../contract/presence-proof.ts';
import type { RecordKind } from '../contract/record-kind.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import type { QueuedAccessEvent } from '../storage/access-outbox.ts';
import type { SharingParts } from './parts.ts';
import { basisOf } from './request-basis.ts';

export interface Happening {
  readonly action: AccessAction;
  readonly subject: Subject;
  readonly doctor: Doctor | null;
  readonly to?: InstitutionId;
  readonly kinds?: readonly RecordKind[];
  readonly documents?: number;
  readonly by?: Answerer | null;
  readonly refusal?: string;
}

/** Signs what happened to a request, for the person's access log; storing it is the caller's, beside what happened. */
export async function describeAccess(
  { institution, key, now }: Pick<SharingParts, 'institution' | 'key' | 'now'>,
  request: ShareRequest,
  happening: Happening,
): Promise<QueuedAccessEvent> {
  const { action, subject, doctor, to = request.from, kinds = request.kinds, documents = 0 } = happening;
  const id = createId();
  const jws = await signAccessEvent(
    {
      ...{ version: 1, id, iss: institution, subject, at: now().toISOString(), action, to, doctor, kinds, documents },
      ...{ basis: basisOf(request), requestId: request.id },
      consent: request.consent ? presenceHash(request.consent.presence) : null,
      by: happening.by ?? null,
      refusal: happening.refusal ?? null,
    },
    key,
  );
  return { id, jws };
}
