import { randomBytes } from 'node:crypto';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { createReceipt } from '../contract/evidence/receipt.ts';
import type { AccessParts } from '../sharing/access/parts.ts';
import { checkCoverage } from '../visits/coverage-check.ts';
import type { ExchangeParts, ExchangeServices } from './exchange-services.ts';

const EMERGENCY_DAYS = 30;

/** What an exchange's access logs and withdrawals are made of. */
export function composeAccess(
  { config, keys, stores, now }: ExchangeParts,
  { presence, presenceStore, enrolmentStore, payer, peers, directories, log, relay }: ExchangeServices,
): AccessParts {
  return {
    exchange: config.id,
    key: keys.signing,
    consents: stores.consents,
    events: stores.accessEvents,
    verifyTap: (submission, actor, purpose) => presence.verify(submission, { actor, purpose }),
    usePresence: (use) => presenceStore.use(use),
    findBinding: (certHash) => enrolmentStore.findBinding(certHash),
    async receiptOf({ event, salt, leaf }) {
      try {
        const { proof, timestamp } = await log.evidenceFor(leaf);
        return createReceipt(event, salt, proof, timestamp);
      } catch (error) {
        if (!(error instanceof EvidenceError && error.code === 'leaf_not_integrated')) throw error;
        return null;
      }
    },
    findPerson: async (query) => (await checkCoverage(query, payer)).person,
    peers,
    directory: () => directories.book.view,
    bells: relay.bells,
    random: (size) => new Uint8Array(randomBytes(size)),
    now,
  };
}

/** For the operator: how often members were asked without consent lately, and when the last time; nothing about anybody. */
export const countEmergencies = async ({ stores, now }: ExchangeParts) => {
  const since = new Date(now().getTime() - EMERGENCY_DAYS * 86_400_000);
  const { count, newest } = await stores.accessEvents.countEmergencies(since);
  return { count, newest: newest?.toISOString() ?? null };
};
