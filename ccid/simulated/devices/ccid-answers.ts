import type { AnswerFault } from '../faults.ts';
import type { GadgetBus } from '../usb-gadget.ts';
import { ENDPOINT } from './ccid-descriptors.ts';

const TIME_EXTENSIONS = 100;

/** Sends an answer to the host the way a fault demands, or as it should be. */
export function sendFaulty(bus: GadgetBus, answer: Uint8Array, fault: AnswerFault | undefined): void {
  const send = (bytes: Uint8Array, zeroLengthPacket = true): void =>
    bus.send(ENDPOINT.BULK_IN, bytes, { zeroLengthPacket });
  switch (fault) {
    case 'wrong-seq':
      return send(answer.map((byte, i) => (i === 6 ? byte ^ 0x80 : byte)));
    case 'truncated':
      return send(answer.slice(0, Math.min(answer.length - 1, 9)));
    case 'split':
      send(answer.slice(0, 11));
      return send(answer.slice(11));
    case 'after-zero-length-packet':
      send(new Uint8Array());
      return send(answer);
    case 'stalled':
      return bus.stall(ENDPOINT.BULK_IN);
    case 'babble':
      return bus.babble(ENDPOINT.BULK_IN);
    case 'flood':
      return send(new Uint8Array(200_000).fill(0x80), false);
    case 'garbage':
      return send(Uint8Array.from({ length: 40 }, (_, i) => 0xff - i));
    case 'time-extensions': {
      const extension = answer
        .slice(0, 10)
        .map((byte, i) => (i === 7 ? 0x80 | (byte & 3) : i >= 8 || (i > 0 && i < 5) ? 0 : byte));
      for (let i = 0; i < TIME_EXTENSIONS; i++) send(extension);
      return send(answer);
    }
    case 'lost':
    case 'late':
      return;
    case undefined:
      return send(answer);
  }
}
