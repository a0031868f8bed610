import { describeExchange } from '../relay/status.ts';
import { probeClock, probeDirectory, probeDisk, probeEvidence, probeOthers, probeStore } from '../operations/probes.ts';
import type { ExchangeParts, ExchangeServices } from './exchange-services.ts';
import type { StatusSources } from '../relay/status.ts';
import type { Telemetry } from './telemetry.ts';

const OPEN_STATES: readonly string[] = ['accepted', 'forwarded'];

/** What is looked at and counted in an exchange. */
export function watchExchange(
  telemetry: Telemetry,
  { config, stores, now }: ExchangeParts,
  { contacts, directories, relay, stamping }: ExchangeServices,
  status: StatusSources,
): void {
  const { machine } = telemetry;
  const view = () => directories.book.view;
  const readLog = async () => ({
    leaves: await stores.evidence.readLeafCount(),
    integrated: Math.max(0, (await stores.evidence.readLatestCheckpoint())?.size ?? 0),
  });
  // A peer that was never called since the start has not failed.
  const isAway = ({ id }: { readonly id: string }) => contacts.lastSeen(id) !== undefined && !contacts.isReachable(id);
  const countAway = () => Promise.resolve(config.peers.filter(isAway).length);
  telemetry.watch(
    [
      probeStore(stores.probe, machine, now),
      probeDisk(machine),
      probeClock(machine, now, view),
      probeDirectory(view, config.id, now),
      probeEvidence(readLog, machine),
      probeOthers('timestamps', async () => ((await stamping.status()).overdue ? 1 : 0)),
      probeOthers('peers', countAway),
    ],
    {
      readLog,
      async readQueues() {
        const { members, peers } = await describeExchange(relay, status);
        return [
          ...members.map(({ institution, waiting }) => ({ kind: 'mailbox', to: institution, waiting })),
          ...peers.map(({ exchange, waiting }) => ({ kind: 'peer', to: exchange, waiting })),
        ];
      },
      async readStates() {
        const { envelopes } = await describeExchange(relay, status);
        const counts = new Map<string, number>();
        for (const { state } of envelopes) counts.set(state, (counts.get(state) ?? 0) + 1);
        return counts;
      },
      async readOldestMs() {
        const { envelopes } = await describeExchange(relay, status);
        const open = envelopes.filter(({ state }) => OPEN_STATES.includes(state));
        return Math.max(0, ...open.map(({ created }) => now().getTime() - Date.parse(created)));
      },
    },
  );
}
