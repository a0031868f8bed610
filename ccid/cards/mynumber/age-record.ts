import { concatBytes } from '../../iso7816/bytes.ts';
import { encodeTlv } from '../../iso7816/tlv.ts';
import { type CardPublicKey, parseCardPublicKey } from './card-public-key.ts';
import { openTemplate, parseCardDate, parseRecord, requireTlv } from './parse-record.ts';

/** Birth date and the surface application's own key, signed by the issuer (EF 0001). */
export interface AgeRecord {
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  readonly publicKey: CardPublicKey;
  /** The objects `DF11` and `DF12`: what the issuer signed with RSASSA-PKCS1-v1_5 and SHA-256. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** `FF10 { DF11 birth date, DF12 key, DF13 signature }`. @throws {CardError} `wrong_data` */
export function parseAgeRecord(bytes: Uint8Array): AgeRecord {
  return parseRecord('not an age record', () => {
    const objects = openTemplate(bytes, 0xff10);
    const birthDate = requireTlv(objects, 0xdf11);
    const key = requireTlv(objects, 0xdf12);
    return {
      birthDate: parseCardDate(birthDate),
      publicKey: parseCardPublicKey(key),
      signedBytes: concatBytes(encodeTlv(0xdf11, birthDate), encodeTlv(0xdf12, key)),
      signature: requireTlv(objects, 0xdf13),
    };
  });
}
