import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Info from '@lucide/svelte/icons/info';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Circle from '@lucide/svelte/icons/circle';
import type { Component } from 'svelte';

/** What a colour means here. No tone is ever shown without its icon and a word. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';

/** The icon that stands for a tone when the place has none of its own. */
export const TONE_ICON: Readonly<Record<Tone, Component<{ size?: number | string }>>> = {
  neutral: Circle,
  good: CircleCheck,
  warn: CircleAlert,
  bad: OctagonX,
  info: Info,
};
