import type { CardChannel } from '../../iso7816/card-channel.ts';
import { selectApplication, selectEf } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { readDerEf } from '../../iso7816/read-file.ts';
import { requireOk } from '../../iso7816/status-word.ts';
import { type PinOptions, readTriesLeft, verifyPin } from '../pin.ts';
import { requirePinShape } from '../pin-shape.ts';
import { selectCardApplication } from '../select-application.ts';
import { DEFAULT_KEY, signDigest } from './compute-signature.ts';
import { SURFACE_AID, SURFACE_FILES } from './files.ts';

const CURRENT_FILE = 0x80;

/** What opens files of the surface application. */
export type SurfaceReference = 'birthDate' | 'numberB' | 'numberA';

/** The records of the surface application, as they stand on the card. */
export type SurfaceRecord = 'ageRecord' | 'cardFace' | 'applicationInfo' | 'certificate' | 'myNumberImage';

/** The surface application (券面事項確認AP), selected. Valid until another application is selected or the card is reset. */
export interface SurfaceApplication {
  /** Tries left, without spending one. How many there are at first is not public: spend none carelessly. */
  readTriesLeft(reference: SurfaceReference, signal?: AbortSignal): Promise<number>;
  /** For `birthDate` the six digits of `encodeEraDate`. Sent once, and never again by itself. */
  verify(reference: SurfaceReference, value: Uint8Array, options?: PinOptions): Promise<void>;
  /** `certificate` and `applicationInfo` are free, the others want what `SURFACE_FILES` says. */
  readRecord(record: SurfaceRecord, signal?: AbortSignal): Promise<Uint8Array>;
  /** RSASSA-PKCS1-v1_5 signature of a SHA-256 digest by the application's own key, **without any PIN**. */
  sign(digest: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** @throws {CardError} `not_this_card` when the card has no such application */
export async function selectSurface(channel: CardChannel, signal?: AbortSignal): Promise<SurfaceApplication> {
  await selectCardApplication(channel, selectApplication(SURFACE_AID), signal);
  const open = async (file: { readonly id: number }, signal?: AbortSignal): Promise<void> => {
    requireOk(await exchange(channel, selectEf(file.id), signal), 'SELECT');
  };
  return {
    async readTriesLeft(reference, signal) {
      await open(SURFACE_FILES[reference], signal);
      return readTriesLeft(channel, CURRENT_FILE, signal);
    },
    async verify(reference, value, options) {
      requirePinShape(value, SURFACE_FILES[reference].shape);
      await open(SURFACE_FILES[reference], options?.signal);
      await verifyPin(channel, CURRENT_FILE, value, options);
    },
    async readRecord(record, signal) {
      await open(SURFACE_FILES[record], signal);
      return readDerEf(channel, signal);
    },
    sign: (digest, signal) => signDigest(channel, DEFAULT_KEY, digest, signal),
  };
}
