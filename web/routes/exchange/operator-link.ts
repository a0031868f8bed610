import { OPERATOR_LINK_FRAGMENT } from '#api/contract/operator-api.ts';

/** Takes the operator's link out of the page's address, so that it stands in no history and no bookmark. */
export function takeOperatorLink(page: {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
}): string | undefined {
  const { hash, pathname, search } = page.location;
  const prefix = `#${OPERATOR_LINK_FRAGMENT}`;
  if (!hash.startsWith(prefix)) return undefined;
  page.history.replaceState(page.history.state, '', pathname + search);
  return hash.slice(prefix.length);
}
