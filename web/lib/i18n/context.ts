import { createContext } from 'svelte';
import type { I18n } from './i18n.svelte.ts';

const [useI18n, provideI18n] = createContext<I18n>();

export { useI18n, provideI18n };
