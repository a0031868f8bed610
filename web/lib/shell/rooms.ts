import BedDouble from '@lucide/svelte/icons/bed-double';
import ClipboardList from '@lucide/svelte/icons/clipboard-list';
import Inbox from '@lucide/svelte/icons/inbox';
import Network from '@lucide/svelte/icons/network';
import ScanLine from '@lucide/svelte/icons/scan-line';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import SquareUserRound from '@lucide/svelte/icons/square-user-round';
import Stethoscope from '@lucide/svelte/icons/stethoscope';
import type { Component } from 'svelte';
import { STAFF_ROLES, type StaffRole } from '#api/contract/staff-person.ts';
import type { Server } from '#lib/app/connection.svelte.ts';
import type { Catalogue } from '#lib/i18n/catalogue.ts';

type RoomName = keyof Pick<
  Catalogue['shell'],
  'reception' | 'bedside' | 'consultation' | 'requests' | 'records' | 'exchange' | 'card' | 'verify' | 'settings'
>;

/** Who may enter: everybody, whoever is signed in, or some roles; `receiving`: also a terminal that receives by itself. */
type Entry = 'everybody' | { readonly roles: readonly StaffRole[]; readonly receiving?: true };

/** A room of the app: its address, its name in the catalogue, its icon, behind which servers it exists, and for whom. */
export interface Room {
  readonly path:
    '/' | '/bedside' | '/consultation' | '/requests' | '/records' | '/exchange' | '/card' | '/verify' | '/settings';
  readonly name: RoomName;
  readonly icon: Component<{ size?: number | string }>;
  readonly servers: readonly Server[];
  readonly entry: Entry;
}

/** Rooms ask for what their people may have (`api/contract/gateway-access.ts`): a test compares the two. */
export const ROOMS: readonly Room[] = [
  {
    ...{ path: '/', name: 'reception', icon: SquareUserRound, servers: ['gateway'] },
    entry: { roles: ['reception', 'nurse', 'doctor'], receiving: true },
  },
  {
    ...{ path: '/bedside', name: 'bedside', icon: BedDouble, servers: ['gateway'] },
    entry: { roles: ['nurse', 'doctor'] },
  },
  {
    path: '/consultation',
    name: 'consultation',
    icon: Stethoscope,
    servers: ['gateway'],
    entry: { roles: ['doctor'] },
  },
  { path: '/requests', name: 'requests', icon: Inbox, servers: ['gateway'], entry: { roles: ['records'] } },
  {
    ...{ path: '/records', name: 'records', icon: ClipboardList, servers: ['gateway'] },
    entry: { roles: ['records', 'doctor'] },
  },
  {
    ...{ path: '/exchange', name: 'exchange', icon: Network, servers: ['gateway', 'exchange'] },
    entry: { roles: ['operator', 'administrator', 'auditor'] },
  },
  { path: '/card', name: 'card', icon: ScanLine, servers: ['gateway', 'none'], entry: { roles: STAFF_ROLES } },
  { path: '/verify', name: 'verify', icon: ShieldCheck, servers: ['gateway', 'exchange'], entry: 'everybody' },
  { path: '/settings', name: 'settings', icon: Settings, servers: ['gateway', 'exchange', 'none'], entry: 'everybody' },
];

/** Who is there, as far as doors are concerned. */
export interface Visitor {
  readonly server: Server;
  readonly roles: readonly StaffRole[];
  /** This terminal may take visits with nobody signed in. */
  readonly receives: boolean;
}

/** Whether the door is open. Only a gateway knows staff: elsewhere rooms show what everybody may see. */
export function mayEnter({ entry, servers }: Room, { server, roles, receives }: Visitor): boolean {
  if (!servers.includes(server)) return false;
  if (entry === 'everybody' || server !== 'gateway') return true;
  return entry.roles.some((role) => roles.includes(role)) || (entry.receiving === true && receives);
}

/** The rooms that somebody may enter: nobody is shown a door that does not open. */
export const roomsFor = (visitor: Visitor): readonly Room[] => ROOMS.filter((room) => mayEnter(room, visitor));

export const roomAt = (path: string): Room | undefined => ROOMS.find((room) => room.path === path);
