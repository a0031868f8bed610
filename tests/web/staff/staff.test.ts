import { describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { Staff, type TabChannel, type TabMessage } from '#lib/staff/staff.svelte.ts';

const TOKEN = 'A'.repeat(43);
const nurse = { id: createId(), name: '看護 一', roles: ['nurse' as const] };
const doctor = { id: createId(), name: '医師 二', roles: ['doctor' as const] };

/** Tabs of one browser: what one says, the others hear. */
function createBrowser() {
  const channels: TabChannel[] = [];
  const said: TabMessage[] = [];
  const ended: string[] = [];
  const timers: (() => void)[] = [];
  return {
    said,
    ended,
    /** Fifteen minutes later. */
    wait: () => timers.splice(0).forEach((work) => work()),
    open() {
      const channel: TabChannel = {
        onmessage: null,
        postMessage(message: TabMessage) {
          said.push(message);
          for (const other of channels) {
            if (other !== channel) other.onmessage?.call(other as BroadcastChannel, { data: message } as MessageEvent);
          }
        },
        close() {},
      };
      channels.push(channel);
      const staff = new Staff({
        channel,
        endSession: (token) => Promise.resolve(ended.push(token)),
        after: (_ms, work) => void timers.push(work),
      });
      staff.join(() => {});
      return staff;
    },
  };
}

describe('who is signed in', () => {
  it('is nobody at first, and what was known goes at the lock', async () => {
    const browser = createBrowser();
    const staff = browser.open();
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
    expect([staff.person, staff.absence]).toEqual([undefined, 'nobody']);
    staff.begin({ person: nurse, token: TOKEN, key });
    expect([staff.roles, staff.token, staff.key]).toEqual([['nurse'], TOKEN, key]);
    staff.lock('idle');
    expect([staff.person, staff.token, staff.key, staff.absence]).toEqual([undefined, undefined, undefined, 'idle']);
    expect(browser.ended).toEqual([TOKEN]);
  });

  it('is known to a tab that opens later, and locked in all tabs at once', () => {
    const browser = createBrowser();
    const first = browser.open();
    first.begin({ person: nurse, token: TOKEN });
    const second = browser.open();
    expect([second.person, second.token]).toEqual([nurse, TOKEN]);
    second.lock();
    expect([first.person, first.token, first.absence]).toEqual([undefined, undefined, 'locked']);
    expect(browser.ended).toEqual([TOKEN]);
  });

  it('keeps the screen for the same person, not for another, and not for ever', () => {
    const browser = createBrowser();
    const staff = browser.open();
    staff.begin({ person: nurse, token: TOKEN });
    staff.lock();
    expect(staff.occupant).toBe(nurse.id);
    staff.begin({ person: nurse, token: TOKEN });
    browser.wait();
    expect(staff.occupant).toBe(nurse.id);
    staff.lock();
    staff.begin({ person: doctor, token: TOKEN });
    expect(staff.occupant).toBe(doctor.id);
    staff.lock();
    browser.wait();
    expect(staff.occupant).toBeUndefined();
  });

  it('may be known to the device alone', () => {
    const staff = createBrowser().open();
    staff.begin({ person: nurse });
    expect([staff.isOfflineOnly, staff.token]).toEqual([true, undefined]);
    staff.begin({ person: nurse, token: TOKEN });
    expect(staff.isOfflineOnly).toBe(false);
  });

  it('believes no message of another shape', () => {
    const browser = createBrowser();
    const staff = browser.open();
    const other = browser.open();
    browser.said.length = 0;
    other.begin({ person: { ...nurse, roles: [] }, token: TOKEN });
    expect(staff.person).toBeUndefined();
  });
});
