import { cardErrors } from './ja/card-errors.ts';
import { clientErrors } from './ja/client-errors.ts';
import { enrolment } from './ja/enrolment.ts';
import { offlineErrors } from './ja/offline-errors.ts';
import { problems } from './ja/problems.ts';
import { reception } from './ja/reception.ts';
import { shell } from './ja/shell.ts';
import { simulation } from './ja/simulation.ts';
import { common } from './ja/words.ts';

/** Japanese for what every window shows: the shell, reception, and every way in which something fails. */
export const ja = {
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
