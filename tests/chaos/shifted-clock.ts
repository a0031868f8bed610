/** A clock that the parent process moves: what it shows is off by what it was told last. */
export function createShiftedClock(): () => Date {
  let offsetMs = 0;
  process.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'clockOffsetMs' in message) {
      offsetMs = Number(message.clockOffsetMs);
    }
  });
  return () => new Date(Date.now() + offsetMs);
}
