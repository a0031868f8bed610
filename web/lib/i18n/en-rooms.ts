import type { RoomCatalogue } from './catalogue.ts';
import { bedside } from './en/bedside.ts';
import { card } from './en/card.ts';
import { components } from './en/components.ts';
import { consultation } from './en/consultation.ts';
import { exchange } from './en/exchange.ts';
import { records } from './en/records.ts';
import { requests } from './en/requests.ts';
import { results } from './en/results.ts';
import { settings } from './en/settings.ts';
import { verify } from './en/verify.ts';

/** English for the other rooms. */
export const enRooms: RoomCatalogue = {
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
