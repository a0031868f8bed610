import type { FirstCatalogue } from './catalogue.ts';
import { cardErrors } from './en/card-errors.ts';
import { clientErrors } from './en/client-errors.ts';
import { enrolment } from './en/enrolment.ts';
import { offlineErrors } from './en/offline-errors.ts';
import { problems } from './en/problems.ts';
import { reception } from './en/reception.ts';
import { shell } from './en/shell.ts';
import { simulation } from './en/simulation.ts';
import { common } from './en/words.ts';

/** English for what every window shows: the shell, reception, and every way in which something fails. */
export const en: FirstCatalogue = {
  common,
  shell,
  problems,
  cardErrors,
  clientErrors,
  offlineErrors,
  reception,
  enrolment,
  simulation,
};
