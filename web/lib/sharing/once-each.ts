/** Each item once, by its id: the last that says so, in the place of the first. */
export const onceEach = <T>(items: readonly T[], idOf: (item: T) => string): readonly T[] => [
  ...new Map(items.map((item) => [idOf(item), item])).values(),
];
