import type { Catalogue } from './catalogue.ts';
import { card } from './en/card.ts';
import { cardErrors } from './en/card-errors.ts';
import { clientErrors } from './en/client-errors.ts';
import { common } from './en/words.ts';
import { consultation } from './en/consultation.ts';
import { exchange } from './en/exchange.ts';
import { enrolment } from './en/enrolment.ts';
import { offlineErrors } from './en/offline-errors.ts';
import { problems } from './en/problems.ts';
import { reception } from './en/reception.ts';
import { settings } from './en/settings.ts';
import { simulation } from './en/simulation.ts';
import { verify } from './en/verify.ts';
import { records } from './en/records.ts';
import { requests } from './en/requests.ts';
import { results } from './en/results.ts';
import { shell } from './en/shell.ts';

export const en: Catalogue = {
  common,
  shell,
  problems,
  card,
  cardErrors,
  clientErrors,
  offlineErrors,
  reception,
  enrolment,
  simulation,
  settings,
  verify,
  consultation,
  requests,
  records,
  results,
  exchange,
};
