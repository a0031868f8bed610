import type { CliBus } from '../bus.ts';
import { examine, type Finding } from '../doctor/examine.ts';
import { oldFirmware } from '../doctor/old-firmware.ts';
import { remedies } from '../doctor/remedies.ts';
import { findDevices, type FoundDevice } from '../found-device.ts';
import type { Page } from '../page.ts';

const MARK = { good: 'works', empty: 'empty', bad: 'FAILS' } as const;

/** `doctor`: tries every reader down to its card. True when none fails. */
export async function runDoctor(bus: CliBus, platform: string, page: Page, signal: AbortSignal): Promise<boolean> {
  const findings: Finding[] = [];
  const devices = await findDevices(bus);
  for (const device of devices) {
    for (const finding of await examine(bus, device, platform, signal)) {
      findings.push(finding);
      report(finding, page);
    }
    for (const what of notes(device)) {
      page.say(`       ${what}`);
      page.tell({ kind: 'note', reader: device.name, what });
    }
  }
  if (devices.length === 0) {
    const others = (await bus.host.devices()).length;
    const what = others > 0 ? `none of the ${others} USB devices is a reader` : 'no USB device is there';
    const finding = { reader: '', verdict: 'bad', code: 'no_reader_chosen', what } as const;
    findings.push({ ...finding, todo: remedies('no_reader_chosen', { platform }) });
    findings.forEach((each) => report(each, page));
  }
  return findings.every(({ verdict }) => verdict !== 'bad');
}

function report(finding: Finding, page: Page): void {
  page.say(`${MARK[finding.verdict]}  ${finding.reader || 'no reader'}: ${finding.what} (${finding.code})`);
  for (const step of finding.todo) page.say(`       - ${step}`);
  page.tell({ kind: 'finding', ...finding });
}

/** What is so whether it works here or not: its firmware's age, and what a browser would say of it. */
function* notes({ device, interfaces }: FoundDevice): Iterable<string> {
  const firmware = oldFirmware(device);
  if (firmware) yield firmware;
  if (interfaces.length === 0 || interfaces.some(({ interfaceClass }) => interfaceClass === 0xff)) return;
  yield 'in a browser: class 0B, refused to ordinary pages (protected_interface), open to Isolated Web Apps';
}
