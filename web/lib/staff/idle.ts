/** Signs that somebody is there. */
const EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_MS = 5_000;
/** Touches closer together than this are one. */
const TOUCH_MS = 2_000;

/** Notices that nobody touches the device. Looks at the clock, so that a device that slept locks when it wakes. */
export interface Idle {
  /** Somebody is there: a touch here or in another tab, a card on the reader. */
  touch(): void;
  stop(): void;
}

export function watchIdle(
  page: Window,
  options: {
    readonly limitMs: () => number;
    readonly now: () => Date;
    readonly onTouch: () => void;
    readonly onIdle: () => void;
  },
): Idle {
  const { limitMs, now, onTouch, onIdle } = options;
  let last = now().getTime();
  const touch = () => {
    last = now().getTime();
  };
  const look = () => {
    if (now().getTime() - last < limitMs()) return;
    touch();
    onIdle();
  };
  const onEvent = () => {
    const isNew = now().getTime() - last > TOUCH_MS;
    // A touch after the limit comes too late: the screen should have locked while the device slept.
    look();
    touch();
    if (isNew) onTouch();
  };
  for (const event of EVENTS) page.addEventListener(event, onEvent, { capture: true, passive: true });
  page.addEventListener('focus', look);
  const timer = page.setInterval(look, LOOK_MS);
  return {
    touch,
    stop() {
      for (const event of EVENTS) page.removeEventListener(event, onEvent, { capture: true });
      page.removeEventListener('focus', look);
      page.clearInterval(timer);
    },
  };
}
