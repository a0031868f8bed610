/**
 * Hands items on: one after the other inside a conversation, several conversations side by side. A conversation stops at
 * its first item that could not be handed on, so that nothing overtakes it.
 *
 * @param handOn resolves false when the item has to be tried again later
 * @returns whether all items are through
 */
export async function handOnInOrder<T>(
  items: readonly T[],
  conversationOf: (item: T) => string,
  atOnce: number,
  handOn: (item: T) => Promise<boolean>,
): Promise<boolean> {
  const queues = [...Map.groupBy(items, conversationOf).values()];
  let isThrough = true;
  const work = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const item of queue) {
        if (await handOn(item)) continue;
        isThrough = false;
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queues.length) }, work));
  return isThrough;
}
