/**
 * One read for all who ask in the same turn of the event loop: hundreds wait for the same integration and then ask the same
 * question. `forget` is for whoever just changed the answer.
 */
export function createSharedRead<T>(read: () => Promise<T>): { (): Promise<T>; forget(): void } {
  let answer: Promise<T> | undefined;
  const forget = () => {
    answer = undefined;
  };
  const ask = () => {
    if (!answer) {
      answer = read();
      setImmediate(forget);
    }
    return answer;
  };
  return Object.assign(ask, { forget });
}
