import { CardError } from '../../errors.ts';
import { concatBytes } from '../../iso7816/bytes.ts';
import type { CardChannel } from '../../iso7816/card-channel.ts';
import { readBinary, readBinarySfi, selectEf } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { requireOk, STATUS_WORD } from '../../iso7816/status-word.ts';
import { type FileReference, type HpkiLayout, JMA_LAYOUT, OBJECT_DIRECTORY_SFI } from './files.ts';
import { parseObjectDirectory, readLayout } from './information-objects.ts';

const CHUNK_SIZE_BYTES = 256;
/** No directory file comes near; a card that has no end is not followed. */
const FILE_MAX_BYTES = 8192;

/**
 * Asks the selected application for its layout. Issuers differ, so the card's own objects decide; a card without an
 * object directory is taken for one of the Japan Medical Association.
 *
 * @throws {CardError} `wrong_data` when there are objects that do not fit ISO 7816-15
 */
export async function readHpkiLayout(channel: CardChannel, signal?: AbortSignal): Promise<HpkiLayout> {
  const directory = await readDirectory(channel, signal);
  if (!directory) return JMA_LAYOUT;
  try {
    const files = parseObjectDirectory(directory);
    return readLayout(
      await readWhole(channel, files.privateKeys, signal),
      await readWhole(channel, files.certificates, signal),
      await readWhole(channel, files.authentication, signal),
    );
  } catch (cause) {
    if (cause instanceof RangeError) throw new CardError('wrong_data', 'information objects', { cause });
    throw cause;
  }
}

async function readDirectory(channel: CardChannel, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    return await readWhole(channel, { kind: 'short', sfi: OBJECT_DIRECTORY_SFI }, signal);
  } catch (error) {
    // The card answered, and has no such file.
    if (error instanceof CardError && error.statusWord !== undefined) return undefined;
    throw error;
  }
}

/** A file to its end, which the card shows by a short answer, 6282 or 6B00. */
async function readWhole(channel: CardChannel, file: FileReference, signal?: AbortSignal): Promise<Uint8Array> {
  if (file.kind === 'identifier') requireOk(await exchange(channel, selectEf(file.id), signal), 'SELECT');
  const start = file.kind === 'short' ? readBinarySfi(file.sfi, 0, CHUNK_SIZE_BYTES) : readBinary(0, CHUNK_SIZE_BYTES);
  const chunks: Uint8Array[] = [];
  let command = start;
  for (let size = 0; size < FILE_MAX_BYTES; command = readBinary(size, CHUNK_SIZE_BYTES)) {
    const response = await exchange(channel, command, signal);
    if (response.sw === STATUS_WORD.WRONG_OFFSET && size > 0) break;
    if (response.sw !== STATUS_WORD.END_OF_FILE) requireOk(response, 'READ BINARY');
    chunks.push(response.data);
    size += response.data.length;
    if (response.data.length < CHUNK_SIZE_BYTES) break;
  }
  return concatBytes(...chunks);
}
