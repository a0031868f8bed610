import type { ExchangeClass, GatewayClass } from './retention.ts';

/** Rows of one table that are over. `:class` in `where` stands for that class's instant, in milliseconds. */
export interface PurgeRule<Class extends string> {
  readonly class: Class;
  readonly table: string;
  readonly where: string;
  /** A column that names a row alone. */
  readonly key: string;
  /** Tables that hold the rest of a row, by the same key: they go with it and are not counted. */
  readonly parts?: readonly string[];
}

/** That a row of a table belongs to the same institution as another's, where several share a table. */
export type SameOwner = (table: string, other: string) => string;

/** A visit of somebody who came again counts from their last visit here, as the law counts from the end of treatment. */
const lastVisit = (same: SameOwner) =>
  `coalesce((SELECT max(other.received_at) FROM gateway_visit AS other
     WHERE other.subject = gateway_visit.subject AND ${same('other', 'gateway_visit')}), gateway_visit.received_at)`;

/** In this order: a visit goes when no document of it is left. */
export const gatewayRules = (same: SameOwner): readonly PurgeRule<GatewayClass>[] => [
  {
    ...{ class: 'records', table: 'record_document', key: 'id' },
    where: `registered_at < :records AND coalesce((SELECT max(other.received_at)
      FROM gateway_visit AS own JOIN gateway_visit AS other ON other.subject = own.subject AND ${same('other', 'own')}
      WHERE own.visit_id = record_document.visit_id AND ${same('own', 'record_document')}), registered_at) < :records`,
  },
  {
    ...{ class: 'visits', table: 'gateway_visit', key: 'submission_id' },
    where: `received_at < :visits AND state <> 'kept' AND ${lastVisit(same)} < :visits
      AND NOT EXISTS (SELECT 1 FROM bed WHERE bed.visit_id = gateway_visit.visit_id AND ${same('bed', 'gateway_visit')})
      AND NOT EXISTS (SELECT 1 FROM record_document AS document WHERE document.visit_id = gateway_visit.visit_id
        AND ${same('document', 'gateway_visit')}
        AND (document.registered_at >= :records OR ${lastVisit(same)} >= :records))`,
  },
  {
    // One that was never answered is as old as its envelope; without that, older than envelopes are kept.
    ...{ class: 'received', table: 'sent_request', key: 'id' },
    where: `coalesce(answered_at, (SELECT created FROM outbox WHERE outbox.id = sent_request.envelope_id
      AND ${same('outbox', 'sent_request')}), 0) < :received`,
  },
  {
    ...{ class: 'inbox', table: 'inbox_request', key: 'id' },
    where: 'coalesce(answered_at, received_at) < :inbox',
  },
  { ...{ class: 'sendLog', table: 'send_log', key: 'release_id' }, where: 'released_at < :sendLog' },
  {
    ...{ class: 'envelopes', table: 'outbox', key: 'id', parts: ['outbox_body', 'outbox_chunk', 'outbox_statement'] },
    where: `state IN ('acknowledged', 'refused', 'expired') AND expires < :envelopes
      AND coalesce(ended, expires) < :envelopes`,
  },
  { ...{ class: 'envelopes', table: 'handled_envelope', key: 'id' }, where: 'at < :envelopes' },
  { ...{ class: 'envelopes', table: 'access_outbox', key: 'id' }, where: 'taken_at < :envelopes' },
  { ...{ class: 'sessions', table: 'terminal_session', key: 'token_hash' }, where: 'expires < :sessions' },
  { ...{ class: 'sessions', table: 'terminal_code', key: 'hash' }, where: 'expires < :sessions' },
  { ...{ class: 'sessions', table: 'staff_session', key: 'token_hash' }, where: 'expires < :sessions' },
  { ...{ class: 'sessions', table: 'staff_challenge', key: 'challenge' }, where: 'expires < :sessions' },
  { ...{ class: 'sessions', table: 'staff_invitation', key: 'hash' }, where: 'expires < :sessions' },
];

/**
 * Bodies are gone since their envelope ended; what goes here is the envelope with its receipts. Its time has run out too,
 * so that the same one is not taken for a new one.
 */
export const EXCHANGE_RULES: readonly PurgeRule<Exclude<ExchangeClass, 'consents'>>[] = [
  {
    ...{ class: 'envelopes', table: 'relay_envelope', key: 'id' },
    parts: ['relay_receipt', 'relay_body', 'relay_chunk'],
    where: `state IN ('forwarded', 'acknowledged', 'refused', 'expired') AND held IS NULL AND changed < :envelopes
      AND expires < :envelopes`,
  },
  {
    ...{ class: 'challenges', table: 'presence_challenge', key: 'challenge' },
    where: 'issued_at < :challenges AND expires < :challenges',
  },
  { ...{ class: 'challenges', table: 'enrolment_challenge', key: 'challenge' }, where: 'expires < :challenges' },
  { ...{ class: 'proofs', table: 'presence_use', key: 'id' }, where: 'used_at < :proofs' },
];
