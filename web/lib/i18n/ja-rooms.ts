import { bedside } from './ja/bedside.ts';
import { access } from './ja/access.ts';
import { administration } from './ja/administration.ts';
import { card } from './ja/card.ts';
import { components } from './ja/components.ts';
import { consultation } from './ja/consultation.ts';
import { documents } from './ja/documents.ts';
import { exchange } from './ja/exchange.ts';
import { operations } from './ja/operations.ts';
import { policy } from './ja/policy.ts';
import { records } from './ja/records.ts';
import { requests } from './ja/requests.ts';
import { results } from './ja/results.ts';
import { settings } from './ja/settings.ts';
import { staff } from './ja/staff.ts';
import { verify } from './ja/verify.ts';

/** Japanese for the other rooms. */
export const jaRooms = {
  bedside,
  components,
  consultation,
  access,
  documents,
  policy,
  requests,
  records,
  results,
  exchange,
  operations,
  card,
  verify,
  settings,
  staff,
  administration,
};
