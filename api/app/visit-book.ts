import type { KnownVisit, VisitBook } from '../records/visit-book.ts';
import type { GatewayVisit, GatewayVisitStore } from '../storage/gateway-visits.ts';
import { readVisitRecord } from '../contract/visit-record.ts';

/** A gateway's visits as its records see them. */
export function createVisitBook(visits: GatewayVisitStore): VisitBook {
  return {
    async findVisit(visitId) {
      const visit = await visits.findByVisit(visitId);
      return visit && toKnown(visit);
    },
    visitsOf: async (subject) => (await visits.listBySubject(subject)).map(toKnown),
  };
}

const toKnown = ({ visitId, record, person, presentedAt }: GatewayVisit): KnownVisit => ({
  visitId,
  subject: record === null ? null : readVisitRecord(record).subject,
  person,
  presentedAt,
});
