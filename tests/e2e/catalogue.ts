import { cardErrors as cardErrorsEn } from '../../web/lib/i18n/en/card-errors.ts';
import { enrolment as enrolmentEn } from '../../web/lib/i18n/en/enrolment.ts';
import { problems as problemsEn } from '../../web/lib/i18n/en/problems.ts';
import { reception as receptionEn } from '../../web/lib/i18n/en/reception.ts';
import { shell as shellEn } from '../../web/lib/i18n/en/shell.ts';
import { simulation as simulationEn } from '../../web/lib/i18n/en/simulation.ts';
import { cardErrors as cardErrorsJa } from '../../web/lib/i18n/ja/card-errors.ts';
import { enrolment as enrolmentJa } from '../../web/lib/i18n/ja/enrolment.ts';
import { problems as problemsJa } from '../../web/lib/i18n/ja/problems.ts';
import { reception as receptionJa } from '../../web/lib/i18n/ja/reception.ts';
import { shell as shellJa } from '../../web/lib/i18n/ja/shell.ts';
import { simulation as simulationJa } from '../../web/lib/i18n/ja/simulation.ts';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words on the screen, from the app's own catalogue, so that a test fails on a wrong sentence and not on a new one. */
export const words = {
  ja: {
    locale: 'ja-JP',
    cardErrors: cardErrorsJa,
    enrolment: enrolmentJa,
    problems: problemsJa,
    reception: receptionJa,
    shell: shellJa,
    simulation: simulationJa,
  },
  en: {
    locale: 'en-GB',
    cardErrors: cardErrorsEn,
    enrolment: enrolmentEn,
    problems: problemsEn,
    reception: receptionEn,
    shell: shellEn,
    simulation: simulationEn,
  },
} as const;
export type Words = (typeof words)[Language];
