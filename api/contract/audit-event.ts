import type { AccessEvent } from './access-event.ts';

const CODES = 'http://terminology.hl7.org/CodeSystem/';

/** R4 AuditEvent.action and outcome by what happened. */
const ACTION = { released: 'R', refused: 'R', emergency_asked: 'R', dispensed: 'U', queried: 'R' } as const;

/**
 * An access event as a FHIR R4 AuditEvent (IHE BALP style): who asked, who holds the records, whose they are, under which
 * consent. The patient is named by the federation's pseudonym only.
 *
 * @param observer who reports it, for `source.observer`
 */
export function toAuditEvent(event: AccessEvent, observer: string = event.iss) {
  const { doctor, basis } = event;
  return {
    resourceType: 'AuditEvent',
    id: event.id,
    type: { system: `${CODES}audit-event-type`, code: 'rest', display: 'RESTful Operation' },
    subtype: [{ system: 'urn:tsunagi:access-action', code: event.action }],
    action: ACTION[event.action],
    recorded: event.at,
    outcome: event.action === 'refused' ? '4' : '0',
    ...(event.refusal === null ? {} : { outcomeDesc: event.refusal }),
    purposeOfEvent: [{ coding: [{ system: `${CODES}v3-ActReason`, code: basis === 'emergency' ? 'BTG' : 'TREAT' }] }],
    agent: [
      {
        type: { coding: [{ system: `${CODES}v3-ParticipationType`, code: 'IRCP' }] },
        ...(doctor ? { role: [{ text: doctor.role }], name: doctor.name } : {}),
        who: { identifier: { value: event.to } },
        requestor: true,
      },
      {
        type: { coding: [{ system: `${CODES}v3-ParticipationType`, code: 'CST' }] },
        who: { identifier: { value: event.iss } },
        requestor: false,
        ...(event.by === null ? {} : { altId: event.by }),
      },
    ],
    source: { observer: { identifier: { value: observer } } },
    entity: [
      {
        what: { identifier: { system: 'urn:tsunagi:subject', value: event.subject } },
        type: { system: `${CODES}audit-entity-type`, code: '1', display: 'Person' },
        role: { system: `${CODES}object-role`, code: '1', display: 'Patient' },
      },
      {
        what: { identifier: { system: 'urn:tsunagi:share-request', value: event.requestId } },
        type: { system: `${CODES}audit-entity-type`, code: '2', display: 'System Object' },
        detail: [
          ...event.kinds.map((kind) => ({ type: 'kind', valueString: kind })),
          { type: 'documents', valueString: String(event.documents) },
          ...(event.consent === null ? [] : [{ type: 'consent', valueString: event.consent }]),
        ],
      },
    ],
  } as const;
}

/** Many of them, as a file. */
export const toAuditBundle = (events: readonly AccessEvent[], observer?: string) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: events.map((event) => ({ fullUrl: `urn:uuid:${event.id}`, resource: toAuditEvent(event, observer) })),
});
