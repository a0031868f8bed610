import { deriveFrameKey, deriveNextSecret } from '../../contract/session/key-schedule.ts';

/** When a direction changes its key, whichever comes first. */
export const REKEY = { frames: 32, bytes: 1024 * 1024, ms: 60_000 } as const;

/** The keys of one direction: one generation at a time, none before it. */
export interface Chain {
  readonly generation: number;
  readonly sequence: number;
  /** The key for a generation: this one's, or the next one's for a look ahead. */
  keyFor(generation: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** A frame went through with that generation's key; what is older is wiped. */
  step(generation: number, bytes: number): Promise<void>;
  /** Whether the next frame shall have a new key. */
  isWorn(): boolean;
  /** Nothing can be read or written any more. */
  wipe(): void;
}

/** @param secret the direction's first; it belongs to the chain from now on */
export function createChain(secret: Uint8Array<ArrayBuffer>, now: () => Date): Chain {
  let held: Uint8Array<ArrayBuffer> | undefined = secret;
  let [generation, sequence, frames, bytes] = [0, 0, 0, 0];
  let since = now().getTime();
  return {
    get generation() {
      return generation;
    },
    get sequence() {
      return sequence;
    },
    async keyFor(wanted) {
      if (!held || wanted < generation || wanted > generation + 1) return undefined;
      return deriveFrameKey(wanted === generation ? held : await deriveNextSecret(held));
    },
    async step(used, size) {
      if (!held) return;
      if (used === generation + 1) {
        const old = held;
        held = await deriveNextSecret(old);
        old.fill(0);
        [generation, frames, bytes, since] = [used, 0, 0, now().getTime()];
      }
      sequence += 1;
      frames += 1;
      bytes += size;
    },
    isWorn: () => frames >= REKEY.frames || bytes >= REKEY.bytes || now().getTime() - since >= REKEY.ms,
    wipe() {
      held?.fill(0);
      held = undefined;
    },
  };
}
