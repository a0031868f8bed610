import { describe, expect, it } from 'vitest';
import { roomsFor, type Visitor } from '#lib/shell/rooms.ts';

const paths = (visitor: Partial<Visitor>): readonly string[] =>
  roomsFor({ server: 'gateway', roles: [], receives: false, ...visitor }).map(({ path }) => path);

describe('the rooms', () => {
  it('of a gateway open to whoever may have what they show', () => {
    expect(paths({})).toEqual(['/verify', '/settings']);
    expect(paths({ receives: true })).toEqual(['/', '/verify', '/settings']);
    expect(paths({ roles: ['nurse'] })).toEqual(['/', '/bedside', '/card', '/verify', '/settings']);
  });

  it('of an exchange show what everybody may see', () => {
    expect(paths({ server: 'exchange' })).toEqual(['/exchange', '/verify', '/settings']);
  });

  it('of an app with no server behind it need none: receipts are checked with keys that a server gave', () => {
    expect(paths({ server: 'none' })).toEqual(['/card', '/settings']);
  });
});
