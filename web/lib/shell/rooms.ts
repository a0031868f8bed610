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
import type { Catalogue } from '#lib/i18n/catalogue.ts';
import type { ServerStatus } from '#lib/api/gateway.ts';

/** A room of the app: its address, its name in the catalogue, its icon, and behind which servers it exists. */
export interface Room {
  readonly path:
    '/' | '/bedside' | '/consultation' | '/requests' | '/records' | '/exchange' | '/card' | '/verify' | '/settings';
  readonly name: keyof Pick<
    Catalogue['shell'],
    'reception' | 'bedside' | 'consultation' | 'requests' | 'records' | 'exchange' | 'card' | 'verify' | 'settings'
  >;
  readonly icon: Component<{ size?: number | string }>;
  readonly roles: readonly ServerStatus['role'][];
}

export const ROOMS: readonly Room[] = [
  { path: '/', name: 'reception', icon: SquareUserRound, roles: ['gateway'] },
  { path: '/bedside', name: 'bedside', icon: BedDouble, roles: ['gateway'] },
  { path: '/consultation', name: 'consultation', icon: Stethoscope, roles: ['gateway'] },
  { path: '/requests', name: 'requests', icon: Inbox, roles: ['gateway'] },
  { path: '/records', name: 'records', icon: ClipboardList, roles: ['gateway'] },
  { path: '/exchange', name: 'exchange', icon: Network, roles: ['gateway', 'exchange'] },
  { path: '/card', name: 'card', icon: ScanLine, roles: ['gateway'] },
  { path: '/verify', name: 'verify', icon: ShieldCheck, roles: ['gateway', 'exchange'] },
  { path: '/settings', name: 'settings', icon: Settings, roles: ['gateway', 'exchange'] },
];

/** The rooms of the server behind this page; before it was ever reached, those of a gateway. */
export const roomsFor = (role: ServerStatus['role'] | undefined): readonly Room[] =>
  ROOMS.filter(({ roles }) => roles.includes(role ?? 'gateway'));
