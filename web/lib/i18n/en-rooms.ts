import type { RoomCatalogue } from './catalogue.ts';
import { bedside } from './en/bedside.ts';
import { access } from './en/access.ts';
import { administration } from './en/administration.ts';
import { card } from './en/card.ts';
import { components } from './en/components.ts';
import { consultation } from './en/consultation.ts';
import { documents } from './en/documents.ts';
import { exchange } from './en/exchange.ts';
import { operations } from './en/operations.ts';
import { policy } from './en/policy.ts';
import { records } from './en/records.ts';
import { requests } from './en/requests.ts';
import { results } from './en/results.ts';
import { settings } from './en/settings.ts';
import { staff } from './en/staff.ts';
import { verify } from './en/verify.ts';

/** English for the other rooms. */
export const enRooms: RoomCatalogue = {
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
