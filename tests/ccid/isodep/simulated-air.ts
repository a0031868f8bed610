import type { FrameOutcome, RawFramePort } from '../../../ccid/isodep/raw-frame-port.ts';
import { ContactlessFaults } from '../../../ccid/simulated/devices/contactless-faults.ts';
import { ContactlessField } from '../../../ccid/simulated/devices/contactless-field.ts';
import type { ContactlessBehaviour } from '../../../ccid/simulated/devices/contactless-card.ts';
import { ATR_T1, createTestCard, type TestCard } from '../readers/test-card.ts';

export interface Air {
  readonly card: TestCard;
  readonly field: ContactlessField;
  readonly faults: ContactlessFaults;
  readonly port: RawFramePort;
  /** Everything that was sent, with the time allowed for the answer. */
  readonly sent: { readonly frame: Uint8Array; readonly timeoutMs: number }[];
}

/** A raw-frame port straight to a simulated card, without any reader between. */
export function createAir(behaviour: ContactlessBehaviour = {}): Air {
  const faults = new ContactlessFaults();
  const field = new ContactlessField(faults, behaviour);
  const card = createTestCard(ATR_T1);
  field.insert(card);
  field.switch(true);
  const sent: Air['sent'] = [];
  const port: RawFramePort = {
    frameLengthMax: 254,
    async exchange(frame, timeoutMs): Promise<FrameOutcome> {
      sent.push({ frame: frame.slice(), timeoutMs });
      const heard = await field.exchange(frame);
      if (heard.kind === 'frame') return heard;
      return { kind: heard.kind === 'nothing' ? 'silent' : 'garbled' };
    },
  };
  return { card, field, faults, port, sent };
}
