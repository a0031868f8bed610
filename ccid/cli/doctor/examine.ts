import { CardError } from '../../errors.ts';
import { encodeHex } from '../../iso7816/bytes.ts';
import type { ClaimableReader } from '../../readers/drivers.ts';
import type { CliBus } from '../bus.ts';
import { openReaders } from '../choose-reader.ts';
import type { FoundDevice } from '../found-device.ts';
import { remedies } from './remedies.ts';

/** One thing that was tried. */
export interface Finding {
  readonly reader: string;
  /** `good` works, `empty` would work with a card, `bad` does not work. */
  readonly verdict: 'good' | 'empty' | 'bad';
  /** The library's code, or `works`. */
  readonly code: string;
  readonly what: string;
  readonly todo: readonly string[];
}

/** Tries everything between the plug and the card, slot by slot, and says where it ends. */
export async function examine(
  bus: CliBus,
  found: FoundDevice,
  platform: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const fail = (reader: string, error: unknown): Finding => finding(reader, error, found, platform);
  if (found.host?.isAllowed === false)
    return [fail(found.name, new CardError('reader_denied', 'this user may not open the device'))];
  try {
    const findings: Finding[] = [];
    for (const reader of await openReaders(bus, found)) {
      findings.push(await tryCard(reader, signal).catch((error: unknown) => fail(reader.name, error)));
      await reader.close();
    }
    return findings;
  } catch (error) {
    return [fail(found.name, error)];
  }
}

async function tryCard(reader: ClaimableReader, signal: AbortSignal): Promise<Finding> {
  const card = await reader.connect({ signal });
  await card.disconnect();
  const what = `the card answers ${encodeHex(card.atr)}`;
  return { reader: reader.name, verdict: 'good', code: 'works', what, todo: [] };
}

function finding(reader: string, error: unknown, { device, host }: FoundDevice, platform: string): Finding {
  if (!(error instanceof CardError)) throw error;
  const { vendorId, productId } = device;
  const { kernelDrivers = [], programs = [] } = host ?? {};
  const todo = remedies(error.code, { platform, vendorId, productId, kernelDrivers, programs });
  const verdict = error.code === 'card_absent' ? 'empty' : 'bad';
  return { reader, verdict, code: error.code, what: error.message.slice(error.code.length + 2), todo };
}
