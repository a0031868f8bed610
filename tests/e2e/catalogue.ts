import { cardErrors as cardErrorsEn } from '../../web/lib/i18n/en/card-errors.ts';
import { consultation as consultationEn } from '../../web/lib/i18n/en/consultation.ts';
import { enrolment as enrolmentEn } from '../../web/lib/i18n/en/enrolment.ts';
import { offlineErrors as offlineErrorsEn } from '../../web/lib/i18n/en/offline-errors.ts';
import { problems as problemsEn } from '../../web/lib/i18n/en/problems.ts';
import { reception as receptionEn } from '../../web/lib/i18n/en/reception.ts';
import { records as recordsEn } from '../../web/lib/i18n/en/records.ts';
import { requests as requestsEn } from '../../web/lib/i18n/en/requests.ts';
import { results as resultsEn } from '../../web/lib/i18n/en/results.ts';
import { shell as shellEn } from '../../web/lib/i18n/en/shell.ts';
import { simulation as simulationEn } from '../../web/lib/i18n/en/simulation.ts';
import { exchange as exchangeEn } from '../../web/lib/i18n/en/exchange.ts';
import { cardErrors as cardErrorsJa } from '../../web/lib/i18n/ja/card-errors.ts';
import { consultation as consultationJa } from '../../web/lib/i18n/ja/consultation.ts';
import { enrolment as enrolmentJa } from '../../web/lib/i18n/ja/enrolment.ts';
import { offlineErrors as offlineErrorsJa } from '../../web/lib/i18n/ja/offline-errors.ts';
import { problems as problemsJa } from '../../web/lib/i18n/ja/problems.ts';
import { reception as receptionJa } from '../../web/lib/i18n/ja/reception.ts';
import { records as recordsJa } from '../../web/lib/i18n/ja/records.ts';
import { requests as requestsJa } from '../../web/lib/i18n/ja/requests.ts';
import { results as resultsJa } from '../../web/lib/i18n/ja/results.ts';
import { shell as shellJa } from '../../web/lib/i18n/ja/shell.ts';
import { simulation as simulationJa } from '../../web/lib/i18n/ja/simulation.ts';
import { exchange as exchangeJa } from '../../web/lib/i18n/ja/exchange.ts';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words on the screen, from the app's own catalogue, so that a test fails on a wrong sentence and not on a new one. */
export const words = {
  ja: {
    locale: 'ja-JP',
    cardErrors: cardErrorsJa,
    consultation: consultationJa,
    enrolment: enrolmentJa,
    offlineErrors: offlineErrorsJa,
    problems: problemsJa,
    reception: receptionJa,
    records: recordsJa,
    requests: requestsJa,
    results: resultsJa,
    shell: shellJa,
    simulation: simulationJa,
    exchange: exchangeJa,
  },
  en: {
    locale: 'en-GB',
    cardErrors: cardErrorsEn,
    consultation: consultationEn,
    enrolment: enrolmentEn,
    offlineErrors: offlineErrorsEn,
    problems: problemsEn,
    reception: receptionEn,
    records: recordsEn,
    requests: requestsEn,
    results: resultsEn,
    shell: shellEn,
    simulation: simulationEn,
    exchange: exchangeEn,
  },
} as const;
export type Words = (typeof words)[Language];
