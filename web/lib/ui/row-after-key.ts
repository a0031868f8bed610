/**
 * Where a key leads in a list: the row's place, or `undefined` for a key that leads nowhere.
 *
 * @param page how many rows are in sight
 */
export function rowAfterKey(
  key: string,
  row: number,
  { count, page }: { readonly count: number; readonly page: number },
): number | undefined {
  const step = Math.max(page - 1, 1);
  const places: Readonly<Record<string, number>> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + step,
    PageUp: row - step,
    Home: 0,
    End: count - 1,
  };
  const place = places[key];
  return place === undefined || count === 0 ? undefined : Math.min(Math.max(place, 0), count - 1);
}
