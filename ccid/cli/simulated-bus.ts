import { createSimulatedRcS300, createSimulatedRcS380 } from '../simulated/contactless-reader.ts';
import type { CardPersonalisation } from '../simulated/personalisation.ts';
import { createSimulatedReader, type SimulatedReaderOptions } from '../simulated/reader.ts';
import { createSimulatedCard } from '../simulated/simulated-card.ts';
import hpkiCard from '../simulated/test-cards/hpki-card.json' with { type: 'json' };
import myNumberCard from '../simulated/test-cards/my-number-card.json' with { type: 'json' };
import { SimulatedUsb } from '../simulated/usb.ts';
import type { CliBus } from './bus.ts';

/**
 * A reader of each kind with a card, and three with a trouble each: no card, a silent card, a reader that another
 * program holds. The cards are the project's test cards.
 */
export function openSimulatedBus(): CliBus {
  const usb = new SimulatedUsb({ isUnrestricted: true });
  const card = (): ReturnType<typeof createSimulatedCard> => createSimulatedCard(asPersonalisation(myNumberCard));
  let productId = 0;
  const plugIn = (kind: string, options: SimulatedReaderOptions) => {
    const productName = `Simulated reader, ${kind}`;
    const reader = createSimulatedReader({ ...options, productName, productId: ++productId });
    usb.attach(reader.device, { isPermitted: true });
    return reader;
  };
  plugIn('extended APDU', { level: 'extended-apdu' }).insert(card());
  plugIn('short APDU', { level: 'short-apdu' }).insert(createSimulatedCard(asPersonalisation(hpkiCard)));
  plugIn('TPDU', { level: 'tpdu-t1' }).insert(card());
  plugIn('character', { level: 'character', slotChangeInterrupt: false }).insert(card());
  plugIn('two slots and keys', { slotCount: 2, pinSupport: 3, interfaceClass: 0x0b }).insert(card());
  for (const contactless of [createSimulatedRcS380(), createSimulatedRcS300()]) {
    usb.attach(contactless.device, { isPermitted: true });
    contactless.insert(card());
  }
  plugIn('no card', {});
  // Gives 5 V to a card that wants 1.8 V.
  const silent = { dwFeatures: 0x000404f2, voltageSupport: 1, cardPowerSelect: 3 } as const;
  plugIn('silent card', silent).insert(card());
  plugIn('held by another program', {}).faults.holdElsewhere(true);
  return {
    usb,
    host: { devices: () => Promise.resolve([]), find: () => Promise.resolve(undefined) },
    close: () => undefined,
  };
}

/** The test cards are written for the type; JSON modules know no literal types. */
function asPersonalisation(json: object): CardPersonalisation {
  return json as CardPersonalisation;
}
