import BookCheck from '@lucide/svelte/icons/book-check';
import Building2 from '@lucide/svelte/icons/building-2';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import TabletSmartphone from '@lucide/svelte/icons/tablet-smartphone';
import type { Component } from 'svelte';
import type { Tone } from '#lib/ui/tone.ts';
import type { VisitPlace } from './local-visit.ts';

/** How each place is shown: an icon of its own, and what its colour means. The word comes from the catalogue. */
export const PLACE_LOOK: Readonly<
  Record<VisitPlace, { readonly tone: Tone; readonly icon: Component<{ size?: number | string }> }>
> = {
  tablet: { tone: 'warn', icon: TabletSmartphone },
  gateway: { tone: 'info', icon: Building2 },
  recorded: { tone: 'good', icon: CircleCheck },
  log: { tone: 'good', icon: BookCheck },
  refused: { tone: 'bad', icon: OctagonX },
};
