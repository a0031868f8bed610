import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShieldQuestionMark from '@lucide/svelte/icons/shield-question-mark';
import ShieldX from '@lucide/svelte/icons/shield-x';
import type { Component } from 'svelte';
import type { SummaryStatus } from '#api/contract/coverage-summary.ts';
import type { Tone } from '#lib/ui/tone.ts';

/** How each coverage status is shown. */
export const COVERAGE_LOOK: Readonly<
  Record<SummaryStatus, { readonly tone: Tone; readonly icon: Component<{ size?: number | string }> }>
> = {
  valid: { tone: 'good', icon: ShieldCheck },
  expired: { tone: 'bad', icon: ShieldX },
  superseded: { tone: 'warn', icon: ShieldAlert },
  not_found: { tone: 'warn', icon: ShieldQuestionMark },
  ambiguous: { tone: 'warn', icon: ShieldQuestionMark },
  unchecked: { tone: 'neutral', icon: ShieldQuestionMark },
};
