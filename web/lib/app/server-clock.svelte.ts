import { correctTime, NOISE_MS, offsetOf, type HeardTime } from './heard-time.ts';
import type { Kept } from './kept.ts';

/** How old the written-down hearing may become while nothing changes. */
const WRITE_MS = 10 * 60_000;

interface Dependencies {
  readonly deviceNow: () => Date;
  /** Outlives the window, so that a tablet without a network still knows that its clock was wrong. */
  readonly kept: Kept<HeardTime>;
}

/**
 * The server's time as well as this device can know it. Tablets lose their clocks; a tap signed a day from now would be
 * refused, and one signed before the checkpoint that it quotes for ever. That the time is a device's word is no harm: what
 * a record proves is the window between that checkpoint and the log.
 */
export class ServerClock {
  #heard = $state.raw<HeardTime | undefined>(undefined);
  #written: HeardTime | undefined;
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#heard = this.#written = dependencies.kept.read();
  }

  /** The server said its time just now. */
  hear(serverTime: string): void {
    const { deviceNow, kept } = this.#dependencies;
    const heard = { offsetMs: deviceNow().getTime() - Date.parse(serverTime), heardAt: serverTime };
    this.#heard = heard;
    const written = this.#written;
    const isNews =
      !written ||
      Math.abs(written.offsetMs - heard.offsetMs) > NOISE_MS / 2 ||
      Date.parse(heard.heardAt) - Date.parse(written.heardAt) > WRITE_MS;
    if (!isNews) return;
    this.#written = heard;
    kept.keep(heard);
  }

  now(): Date {
    const device = this.#dependencies.deviceNow();
    return this.#heard ? correctTime(device, this.#heard) : device;
  }

  /** How far this device's clock is ahead, as far as is known. */
  get offsetMs(): number {
    return this.#heard ? offsetOf(this.#dependencies.deviceNow(), this.#heard) : 0;
  }
}
