import { describe, expect, it } from 'vitest';
import type { Bed, BedConfirmation } from '#api/contract/bed.ts';
import { Problem } from '#api/contract/problem.ts';
import type { BedRequests } from '#lib/api/bed-requests.ts';
import { Bedside } from '#lib/beds/bedside.svelte.ts';
import { matchesBed } from '#lib/beds/matches-bed.ts';

const person = (letter: string, name: string, kana: string) =>
  ({ subject: letter.repeat(43), name, kana, birthDate: '1950-04-01', sex: 'female' }) as const;
const HANAKO = person('A', '野々山 美月', 'ノノヤマ ミヅキ');
const TARO = person('B', '朝日 太郎', 'アサヒ タロウ');
const bed = (id: string, name: string, who: Bed['person'] = null): Bed => ({
  ...{ id, ward: '3階東', name, person: who, confirmedAt: null },
  since: who && '2026-11-20T03:00:00Z',
});

/** A ward whose cards say what they are told to. */
function standAt(beds: Bed[], confirmation?: BedConfirmation) {
  const asked: unknown[] = [];
  const answer = (id: string) => beds.find((other) => other.id === id)!;
  const requests: BedRequests = {
    fetchBeds: () => Promise.resolve({ beds }),
    addBed: ({ ward, name }) => Promise.resolve({ ...bed('new', name), ward }),
    removeBed: (id) => Promise.resolve(void asked.push(['remove', id])),
    occupyBed(id, occupation) {
      asked.push(['occupy', id, occupation]);
      return occupation.visitId === null ? Promise.resolve(bed(id, answer(id).name)) : Promise.resolve(answer(id));
    },
    confirmBed: () =>
      confirmation ? Promise.resolve(confirmation) : Promise.reject(new Problem('not_found', 'visit')),
  };
  return { bedside: new Bedside(requests), asked };
}

describe('the bedside', () => {
  it('shows who confirmed themselves at the chosen bed', async () => {
    const confirmed = { ...bed('1', '301', HANAKO), confirmedAt: '2026-11-20T05:00:00Z' };
    const { bedside } = standAt([bed('1', '301', HANAKO)], { outcome: 'same', person: HANAKO, bed: confirmed });
    await bedside.load();
    bedside.choose('1');
    await bedside.confirm('visit');
    expect(bedside.result).toMatchObject({ outcome: 'same' });
    expect(bedside.chosen?.confirmedAt).toBe('2026-11-20T05:00:00Z');
  });

  it('replaces only the person that was on the screen', async () => {
    const there = bed('1', '301', HANAKO);
    const { bedside, asked } = standAt([there], { outcome: 'other', person: TARO, bed: there });
    await bedside.load();
    bedside.choose('1');
    await bedside.confirm('visit');
    await bedside.moveIn();
    expect(asked).toEqual([['occupy', '1', { visitId: 'visit', replacing: HANAKO.subject }]]);
  });

  it('says nothing of a card at another bed', async () => {
    const [one, two] = [bed('1', '301', HANAKO), bed('2', '302')];
    const { bedside } = standAt([one, two], { outcome: 'same', person: HANAKO, bed: one });
    await bedside.load();
    bedside.choose('1');
    const confirming = bedside.confirm('visit');
    bedside.choose('2');
    await confirming;
    expect(bedside.result).toBeUndefined();
  });

  it('forgets the card when somebody goes on, and keeps what could not be asked apart', async () => {
    const { bedside } = standAt([bed('1', '301', HANAKO)]);
    await bedside.load();
    bedside.choose('1');
    bedside.keepPending();
    expect(bedside.result).toEqual({ outcome: 'pending' });
    await expect(bedside.confirm('unknown')).rejects.toMatchObject({ code: 'not_found' });
    bedside.choose(undefined);
    expect(bedside.result).toBeUndefined();
  });

  it('leaves a bed empty, from the person that was there', async () => {
    const { bedside, asked } = standAt([bed('1', '301', HANAKO)]);
    await bedside.load();
    bedside.choose('1');
    await bedside.moveOut();
    expect(asked).toEqual([['occupy', '1', { visitId: null, replacing: HANAKO.subject }]]);
    expect(bedside.chosen?.person).toBeNull();
  });
});

describe('looking for a bed', () => {
  const there = bed('1', '301-1', HANAKO);
  it.each(['', '3階', '3011', '３０１', '野々', 'ののやま', 'ﾉﾉﾔﾏ', 'みづき'])('finds it by %s', (search) => {
    expect(matchesBed(there, search)).toBe(true);
  });
  it.each(['302', '朝日', 'あさひ'])('does not by %s', (search) => {
    expect(matchesBed(there, search)).toBe(false);
  });
});
