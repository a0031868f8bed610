import type { Catalogue } from './catalogue.ts';
import { cardErrors } from './en/card-errors.ts';
import { clientErrors } from './en/client-errors.ts';
import { common } from './en/common.ts';
import { consultation } from './en/consultation.ts';
import { exchange } from './en/exchange.ts';
import { problems } from './en/problems.ts';
import { records } from './en/records.ts';
import { requests } from './en/requests.ts';
import { results } from './en/results.ts';
import { shell } from './en/shell.ts';

export const en: Catalogue = {
  common,
  shell,
  problems,
  cardErrors,
  clientErrors,
  consultation,
  requests,
  records,
  results,
  exchange,
};
