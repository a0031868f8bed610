import { bedside } from './ja/bedside.ts';
import { card } from './ja/card.ts';
import { components } from './ja/components.ts';
import { consultation } from './ja/consultation.ts';
import { exchange } from './ja/exchange.ts';
import { records } from './ja/records.ts';
import { requests } from './ja/requests.ts';
import { results } from './ja/results.ts';
import { settings } from './ja/settings.ts';
import { verify } from './ja/verify.ts';

/** Japanese for the other rooms. */
export const jaRooms = {
  bedside,
  components,
  consultation,
  requests,
  records,
  results,
  exchange,
  card,
  verify,
  settings,
};
