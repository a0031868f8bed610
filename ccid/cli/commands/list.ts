import { exchangeLevel } from '../../protocol/class-descriptor.ts';
import type { CcidInterface } from '../../readers/ccid-interface.ts';
import { correctDescriptor, readerModel } from '../../readers/models.ts';
import type { CliBus } from '../bus.ts';
import { findDevices, type FoundDevice } from '../found-device.ts';
import { sayAll, type Page } from '../page.ts';
import { describeClassDescriptor } from '../words/descriptor-words.ts';

const SONY = {
  'rc-s380': "contactless, Sony's PORT100 frames; the driver speaks ISO-DEP",
  'rc-s300': "contactless, Sony's transparent session; the driver speaks ISO-DEP",
} as const;

/** `list`: every reader with what its descriptor says, in words. */
export async function runList(bus: CliBus, page: Page): Promise<boolean> {
  const found = await findDevices(bus);
  if (found.length === 0) page.say('no reader');
  found.forEach((device, index) => {
    if (index > 0) page.say('');
    listDevice(index + 1, device, page);
  });
  return true;
}

function listDevice(number: number, found: FoundDevice, page: Page): void {
  const { name, ids, device, interfaces, sony, failure } = found;
  const serial = device.serialNumber ? `, serial number ${device.serialNumber}` : '';
  page.say(`${number}  ${name}  (${ids}${serial})`);
  const facts = { number, name, ids, serialNumber: device.serialNumber || undefined };
  if (sony) {
    sayAll(page, [['exchange', SONY[sony]]]);
    page.tell({ kind: 'reader', ...facts, level: 'iso-dep', family: sony });
    return;
  }
  for (const ccid of interfaces) {
    sayAll(page, describeInterface(found, ccid));
    const { interfaceNumber } = ccid.address;
    const { interfaceClass, descriptor } = ccid;
    const level = exchangeLevel(
      correctDescriptor(descriptor, readerModel(device.vendorId, device.productId, device.productName)),
    );
    page.tell({ kind: 'reader', ...facts, interfaceNumber, interfaceClass, level, descriptor });
  }
  if (interfaces.length > 0) return;
  const reason = failure?.message ?? 'reader_unknown: no CCID interface with bulk endpoints';
  sayAll(page, [['cannot say', reason]]);
  page.tell({ kind: 'reader', ...facts, code: failure?.code ?? 'reader_unknown' });
}

function describeInterface({ device }: FoundDevice, ccid: CcidInterface): readonly (readonly [string, string])[] {
  const { address, interfaceClass, descriptor } = ccid;
  const model = readerModel(device.vendorId, device.productId, device.productName);
  const corrected = correctDescriptor(descriptor, model);
  const reach =
    interfaceClass === 0xff
      ? 'vendor class FF: ordinary web pages may use it'
      : 'smart card class 0B: web pages only in an Isolated Web App';
  const { bulkOut, bulkIn, interruptIn } = address;
  const interrupt = interruptIn ? `, interrupt in ${interruptIn.endpointNumber}` : ', no interrupt endpoint';
  return [
    ['interface', `${address.interfaceNumber}, ${reach}`],
    ['endpoints', `bulk out ${bulkOut.endpointNumber}, bulk in ${bulkIn.endpointNumber}${interrupt}`],
    ...describeClassDescriptor(corrected),
    ...(model ? [['known as', `${model.name}, driven with its peculiarities`] as const] : []),
  ];
}
