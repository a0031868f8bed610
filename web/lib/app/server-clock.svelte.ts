import * as z from 'zod';
import type { Kept } from './kept.ts';

/** Below this an answer's way through the network says as much as the clocks do. */
const NOISE_MS = 60_000;
/** How old the written-down hearing may become while nothing changes. */
const WRITE_MS = 10 * 60_000;

/** What the server last said of the time. */
export const HeardTime = z.object({ offsetMs: z.number(), heardAt: z.iso.datetime() }).readonly();
export type HeardTime = z.infer<typeof HeardTime>;

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

  /** Never before what the server said last: time does not run backwards, clocks without a battery do. */
  now(): Date {
    const device = this.#dependencies.deviceNow();
    if (!this.#heard) return device;
    const { offsetMs, heardAt } = this.#heard;
    const corrected = device.getTime() - (Math.abs(offsetMs) > NOISE_MS ? offsetMs : 0);
    return new Date(Math.max(corrected, Date.parse(heardAt) - NOISE_MS));
  }

  /** How far this device's clock is ahead, as far as is known. */
  get offsetMs(): number {
    if (!this.#heard) return 0;
    const { offsetMs, heardAt } = this.#heard;
    // Behind what the server said last: it went back since.
    const sinceHeard = this.#dependencies.deviceNow().getTime() - Date.parse(heardAt);
    return sinceHeard < offsetMs - NOISE_MS ? sinceHeard : offsetMs;
  }
}
