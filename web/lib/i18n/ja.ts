import { card } from './ja/card.ts';
import { cardErrors } from './ja/card-errors.ts';
import { clientErrors } from './ja/client-errors.ts';
import { common } from './ja/words.ts';
import { consultation } from './ja/consultation.ts';
import { exchange } from './ja/exchange.ts';
import { enrolment } from './ja/enrolment.ts';
import { offlineErrors } from './ja/offline-errors.ts';
import { problems } from './ja/problems.ts';
import { reception } from './ja/reception.ts';
import { settings } from './ja/settings.ts';
import { simulation } from './ja/simulation.ts';
import { verify } from './ja/verify.ts';
import { records } from './ja/records.ts';
import { requests } from './ja/requests.ts';
import { results } from './ja/results.ts';
import { shell } from './ja/shell.ts';

export const ja = {
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
