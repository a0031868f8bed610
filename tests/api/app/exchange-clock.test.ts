import { expect, it } from 'vitest';
import { createExchangeStamping } from '#api/app/exchange-clock.ts';
import { createEvidenceLog } from '#api/evidence/log.ts';
import { createSimulatedAuthority } from '#api/evidence/time-stamp-authority.ts';
import { createTimeStamping } from '#api/evidence/time-stamping.ts';
import { createNoteSigningJwk, importNoteSigner } from '#api/contract/evidence/note-signer.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '#api/storage/sqlite/evidence.ts';
import { createClock, later } from '../parties/parties.ts';
import { codeOf } from '../problem-code.ts';
import { temporaryDatabase } from '../storage/temporary-file.ts';

const GRACE_MS = 60_000;

/** A log with one checkpoint that nobody has stamped. */
async function openUnstamped(whenOverdue: 'continue' | 'stop') {
  const clock = createClock();
  const store = createSqliteEvidenceStore(temporaryDatabase([evidenceSchema]));
  const signer = await importNoteSigner('log.example/east', await createNoteSigningJwk());
  const log = await createEvidenceLog({ store, signer, origin: 'log.example/east', clock: clock.now });
  await log.integrate();
  const authority = createSimulatedAuthority(clock.now);
  const settings = { authorities: [], graceMs: GRACE_MS, whenOverdue };
  const stamping = createExchangeStamping({ store, authorities: [authority], settings, threshold: 0, now: clock.now });
  const comesBack = () => createTimeStamping({ store, authorities: [authority], clock: clock.now }).stampOnce();
  return { clock, stamping, comesBack };
}

it('stops visits when the authorities have been away for longer than the grace, and goes on when one is back', async () => {
  const { clock, stamping, comesBack } = await openUnstamped('stop');
  expect(await codeOf(stamping.requireTime())).toBe('accepted');
  clock.set(later(GRACE_MS + 1));
  expect(await stamping.status()).toMatchObject({ overdue: true, whenOverdue: 'stop', graceMs: GRACE_MS });
  clock.set(later(GRACE_MS + 20_000));
  expect(await codeOf(stamping.requireTime())).toBe('unavailable');
  await comesBack();
  clock.set(later(GRACE_MS + 40_000));
  expect(await codeOf(stamping.requireTime())).toBe('accepted');
});

it('goes on without them where it is told to, and the status says so', async () => {
  const { clock, stamping } = await openUnstamped('continue');
  clock.set(later(10 * GRACE_MS));
  expect(await codeOf(stamping.requireTime())).toBe('accepted');
  expect(await stamping.status()).toMatchObject({ overdue: true, whenOverdue: 'continue' });
});
