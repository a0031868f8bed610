import { parseHex } from '../../iso7816/bytes.ts';
import type { CardDefinition } from '../card-os/definition.ts';
import { getChallenge } from '../card-os/get-challenge.ts';
import { readBinary } from '../card-os/read-binary.ts';
import { select } from '../card-os/select.ts';
import { verify } from '../card-os/verify.ts';
import type { ForeignPersonalisation } from '../personalisation.ts';

/** A driving licence's contactless ATR. */
const ATR = parseHex('3B 88 80 01 00 00 00 00 91 81 C1 00 D8');
const TRIES = 10;

const encoder = new TextEncoder();

/**
 * A card that is neither a My Number Card nor an HPKI card: one application with a free file and a file behind two PINs,
 * shaped like a driving licence. It holds nothing that a licence holds.
 */
export function defineForeignCard(personalisation: ForeignPersonalisation): CardDefinition {
  const pin = (id: number, value: string) =>
    ({ kind: 'pin', id, sfi: id & 0x1f, value: encoder.encode(value), tries: TRIES }) as const;
  return {
    atr: ATR,
    selectedAtReset: true,
    hasExtendedLength: false,
    hasChaining: false,
    instructions: { '00A4': select, '00B0': readBinary, '0020': verify, '0084': getChallenge },
    applications: [
      {
        name: parseHex('A0 00 00 02 31 01 00 00 00 00 00 00 00 00 00 00'),
        files: [
          { kind: 'binary', id: 0x0001, sfi: 1, content: encoder.encode('SIMULATED'), read: { anyOf: [0x0011] } },
          pin(0x0011, personalisation.pin1),
          pin(0x0012, personalisation.pin2),
          { kind: 'binary', id: 0x2f01, sfi: 2, content: encoder.encode('SIMULATED'), read: 'free' },
        ],
      },
    ],
  };
}
