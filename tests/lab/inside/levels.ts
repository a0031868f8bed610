import type { SimulatedCard, SimulatedLevel } from 'webusb-ccid/simulated';
import { createMyNumberCard, overProtocol } from './cards.ts';

/** Every exchange level of CCID, with the protocols that the host speaks itself. */
export const EXCHANGE_LEVELS: readonly {
  readonly name: string;
  readonly level: SimulatedLevel;
  readonly card: () => SimulatedCard;
}[] = [
  { name: 'extended APDU', level: 'extended-apdu', card: createMyNumberCard },
  { name: 'short APDU', level: 'short-apdu', card: createMyNumberCard },
  { name: 'TPDU T=1', level: 'tpdu-t1', card: () => overProtocol(createMyNumberCard(), 'T=1') },
  { name: 'TPDU T=0', level: 'tpdu-t0', card: () => overProtocol(createMyNumberCard(), 'T=0') },
  { name: 'character T=1', level: 'character', card: () => overProtocol(createMyNumberCard(), 'T=1') },
  { name: 'character T=0', level: 'character', card: () => overProtocol(createMyNumberCard(), 'T=0') },
];
