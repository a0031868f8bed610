import { concatBytes, parseHex } from '../../iso7816/bytes.ts';
import type { Application } from '../card-os/card-file.ts';
import type { CommonPersonalisation } from '../personalisation.ts';

const RECORD_TAG = 0x01;

/**
 * The common application (共通カードAP): one free record with the serial number of the card, which is why nothing here
 * ever reads it from a real one.
 */
export function createCommonApplication(common: CommonPersonalisation): Application {
  const digits = `${common.serialNumber}${common.municipalityCode}${common.expiryDate.replaceAll('-', '')}`;
  if (!/^\d{28}$/.test(digits)) throw new RangeError('a serial number has 15 digits, a municipality 5, a date 8');
  const record = concatBytes(Uint8Array.of(RECORD_TAG, digits.length), new TextEncoder().encode(digits));
  return {
    name: parseHex('D3 92 10 00 31 00 01 01 01 00'),
    files: [{ kind: 'records', id: 0x0001, sfi: 1, records: [record], read: 'free' }],
  };
}
