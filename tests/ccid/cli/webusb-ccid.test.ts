import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CliBus, HostDevice } from '../../../ccid/cli/bus.ts';
import { openBus } from '../../../ccid/cli/open-bus.ts';
import { EXIT_CODES, runCli } from '../../../ccid/cli/run.ts';
import { CardError } from '../../../ccid/errors.ts';
import { createSimulatedReader, SimulatedUsb, type SimulatedReaderOptions } from '../../../ccid/simulated/index.ts';
import { ATR_T1, createTestCard } from '../readers/test-card.ts';

const NO_HOST = { devices: () => Promise.resolve([]), find: () => Promise.resolve(undefined) };

async function run(args: string, { bus, input = '' }: { bus?: CliBus; input?: string } = {}) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCli(args.split(' '), {
    write: (line) => lines.push(line),
    complain: (line) => complaints.push(line),
    readInput: () => Promise.resolve(input),
    openBus: (isSimulated) => (bus && !isSimulated ? Promise.resolve(bus) : openBus(true)),
    version: '1.2.3',
    platform: 'linux',
  });
  return { code, lines, complaints, text: lines.join('\n'), objects: () => lines.map(parse) };
}

const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;

/** A bus with one reader, as the caller wants it. */
function busWith(options: SimulatedReaderOptions = {}, host?: Partial<HostDevice>) {
  const usb = new SimulatedUsb({ isUnrestricted: true });
  const simulated = createSimulatedReader(options);
  usb.attach(simulated.device, { isPermitted: true });
  const entry: HostDevice = {
    vendorId: 0x1209,
    productId: 1,
    name: 'Simulated reader',
    configurationDescriptor: undefined,
    isAllowed: true,
    kernelDrivers: [],
    programs: [],
    ...host,
  };
  const bus: CliBus = {
    usb,
    host: host ? { devices: () => Promise.resolve([entry]), find: () => Promise.resolve(entry) } : NO_HOST,
    close: () => undefined,
  };
  return { bus, simulated };
}

describe('webusb-ccid', () => {
  it('explains itself', async () => {
    const { code, text } = await run('--help');
    expect(code).toBe(EXIT_CODES.done);
    for (const word of ['list', 'atr', 'apdu HEX', 'trace', 'doctor', '--simulated', '--json'])
      expect(text).toContain(word);
    expect((await run('--version')).text).toBe('1.2.3');
  });

  it.each([
    'nonsense',
    'apdu',
    'list more',
    'list --nonsense',
    'atr --timeout soon',
    'atr --timeout -1',
    'atr --timeout 1e9',
    'apdu 0',
  ])('refuses "%s" in one line', async (args) => {
    const { code, complaints } = await run(`${args} --simulated`);
    expect(code).toBe(EXIT_CODES.usage);
    expect(complaints).toHaveLength(1);
  });

  it('says how to get node-usb where it is missing', async () => {
    const complaints: string[] = [];
    const code = await runCli(['list'], {
      write: () => undefined,
      complain: (line) => complaints.push(line),
      readInput: () => Promise.resolve(''),
      openBus: () => Promise.reject(new CardError('usb_unsupported', 'not installed')),
      version: '',
      platform: 'linux',
    });
    expect(code).toBe(EXIT_CODES.failed);
    expect(complaints.join()).toContain('npm install webusb-ccid usb');
  });
});

describe('webusb-ccid list', () => {
  it('puts the descriptor of each reader in words', async () => {
    const { code, text } = await run('list --simulated');
    expect(code).toBe(0);
    expect(text).toMatch(/1 {2}Simulated reader, extended APDU {2}\(1209:0001, serial number SIM-0001\)/);
    expect(text).toContain('TPDU: the driver speaks T=0 and T=1, block by block');
    expect(text).toContain('character: the driver speaks T=0 and T=1, byte by byte');
    expect(text).toContain('PIN entry, PIN change');
    expect(text).toContain('2 slots');
    expect(text).toContain("Sony's PORT100 frames");
  });

  it('gives the same as objects', async () => {
    const { objects } = await run('list --simulated --json');
    expect(objects()[2]).toMatchObject({
      kind: 'reader',
      number: 3,
      ids: '1209:0003',
      level: 'tpdu',
      descriptor: { dwMaxCCIDMessageLength: 271, dwProtocols: 3 },
    });
    expect(objects().filter(({ level }) => level === 'iso-dep')).toHaveLength(2);
  });

  it('says what it cannot know, and when nothing is there', async () => {
    const { bus, simulated } = busWith();
    simulated.faults.descriptor = Uint8Array.of(9, 2, 0);
    expect((await run('list', { bus })).text).toContain('reader_fault');
    const empty: CliBus = { usb: new SimulatedUsb(), host: NO_HOST, close: () => undefined };
    expect((await run('list', { bus: empty })).text).toBe('no reader');
  });
});

describe('webusb-ccid atr, apdu and trace', () => {
  it('explains the answer to reset', async () => {
    const { code, lines, text } = await run('atr --simulated');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^3B8/);
    expect(text).toMatch(/protocols +T=0, T=1/);
    const { objects } = await run('atr --simulated --json --reader RC-S380');
    expect(objects()[0]).toMatchObject({ kind: 'atr', reader: 'Simulated RC-S380/P' });
  });

  it('finds a reader by number and by name', async () => {
    expect((await run('atr --simulated --reader 2')).code).toBe(0);
    expect((await run('atr --simulated --reader TPDU')).code).toBe(0);
    const { code, complaints } = await run('atr --simulated --reader nobody');
    expect(code).toBe(EXIT_CODES.failed);
    expect(complaints[0]).toContain('no_reader_chosen');
  });

  it('sends commands, says what the answers mean, and ends with 1 when the card refuses', async () => {
    const jpki = '00A4040C0AD392F000260100000001';
    const good = await run(`apdu --simulated ${jpki}`);
    expect(good.code).toBe(0);
    expect(good.lines).toEqual([`> ${jpki}`, '< 9000  normal processing']);
    const bad = await run('apdu --simulated 00A4040C03AABBCC --json');
    expect(bad.code).toBe(EXIT_CODES.failed);
    expect(bad.objects()).toEqual([
      expect.objectContaining({ kind: 'exchange', statusWord: '6A82', words: 'file or application not found' }),
    ]);
  });

  it('reads commands from standard input, with comments', async () => {
    const input =
      '# the JPKI application\n00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01\n\n00:a4:02:0c:02:00:18 ; the PIN\n';
    const { code, lines } = await run('apdu - --simulated', { input });
    expect(code).toBe(0);
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(2);
  });

  it.each(['apdu', 'trace', 'apdu --json', 'trace --json'])('%s shows no PIN', async (command) => {
    const { text } = await run(
      `${command} --simulated 00A4040C0AD392F000260100000001 00A4020C020018 0020008004${'31393734'}`,
    );
    expect(text).toContain('00200080');
    expect(text).not.toContain('31393734');
  });

  it('traces every message between driver and reader', async () => {
    const { text } = await run('trace --simulated --reader 3 00B0000001');
    expect(text).toContain('PC_to_RDR_IccPowerOn');
    expect(text).toContain('PC_to_RDR_SetParameters');
    expect(text).toContain('RDR_to_PC_DataBlock');
    expect(text).toContain('> 00B0000001');
  });

  it('waits for a card only when told to', async () => {
    const { bus, simulated } = busWith();
    const without = await run('atr', { bus });
    expect(without.code).toBe(EXIT_CODES.failed);
    expect(without.complaints[0]).toContain('card_absent');
    const waiting = run('atr --wait', { bus });
    setTimeout(() => simulated.insert(createTestCard(ATR_T1)), 20);
    expect((await waiting).code).toBe(0);
    simulated.remove();
    expect((await run('atr --wait --timeout 0.05', { bus })).complaints[0]).toContain('aborted');
  });
});

describe('webusb-ccid doctor', () => {
  const doctor = async (bus: CliBus) => {
    const { code, objects } = await run('doctor --json', { bus });
    return { code, findings: objects() as unknown as { code: string; verdict: string; todo: string[] }[] };
  };

  it('tells readers that work from empty ones and from those that fail', async () => {
    const { code, text } = await run('doctor --simulated');
    expect(code).toBe(EXIT_CODES.failed);
    expect(text).toMatch(/works {2}Simulated reader, TPDU: the card answers 3B/);
    expect(text).toMatch(/empty {2}Simulated reader, no card: .*\(card_absent\)/);
    expect(text).toMatch(/FAILS {2}Simulated reader, silent card: .*\(card_mute\)/);
    expect(text).toMatch(/FAILS {2}Simulated reader, held by another program: .*\(reader_busy\)/);
    expect(text).toContain('open to Isolated Web Apps');
  });

  it('names firmware with known faults, and drives it all the same', async () => {
    // An SCR331-DI with version 1.00, as simulated readers have.
    const { bus, simulated } = busWith({ vendorId: 0x04e6, productId: 0x5111 });
    simulated.insert(createTestCard(ATR_T1));
    const { code, text } = await run('doctor', { bus });
    expect(code).toBe(0);
    expect(text).toContain('firmware 1.00 has known faults: update it to 6.20 or newer');
    expect((await doctor(bus)).findings).toContainEqual(expect.objectContaining({ kind: 'note' }));
  });

  it('is content with an empty reader', async () => {
    const { code, findings } = await doctor(busWith().bus);
    expect(code).toBe(0);
    expect(findings).toEqual([expect.objectContaining({ code: 'card_absent', verdict: 'empty' })]);
  });

  it.each([
    [{ kernelDrivers: ['port100'] }, 'modprobe -r port100'],
    [{ kernelDrivers: ['usbfs'], programs: ['pcscd'] }, 'systemctl stop pcscd'],
    [{ kernelDrivers: ['usbfs'], programs: ['chrome'] }, 'chrome'],
    [{ kernelDrivers: ['usbhid'] }, 'keyboard'],
    [{ kernelDrivers: ['usbfs'] }, 'other browser tabs'],
  ])('names who holds the reader: %j', async (host, expected) => {
    const { bus, simulated } = busWith({}, host);
    simulated.faults.holdElsewhere(true);
    const { code, findings } = await doctor(bus);
    expect(code).toBe(EXIT_CODES.failed);
    expect(findings[0]?.code).toBe('reader_busy');
    expect(findings[0]?.todo.join('\n')).toContain(expected);
  });

  it('gives the udev rule for a device that may not be opened', async () => {
    const { findings } = await doctor(busWith({}, { isAllowed: false }).bus);
    expect(findings[0]?.code).toBe('reader_denied');
    expect(findings[0]?.todo.join('\n')).toContain('ATTR{idVendor}=="1209", ATTR{idProduct}=="0001"');
  });

  it('says what a device with the smart card class and no CCID is', async () => {
    const { bus, simulated } = busWith({ interfaceClass: 0x0b });
    const token = simulated.device.gadget.configurationDescriptor.slice();
    token[9 + 7] = 0x01;
    simulated.faults.descriptor = token;
    const other = new SimulatedUsb({ isUnrestricted: true });
    other.attach(simulated.device, { isPermitted: true });
    const { findings } = await doctor({ ...bus, usb: other });
    expect(findings[0]?.code).toBe('token_unsupported');
  });

  it('says when nothing is plugged in, and when there is no bus', async () => {
    const usb = new SimulatedUsb();
    const { code, findings } = await doctor({ usb, host: NO_HOST, close: () => undefined });
    expect(code).toBe(EXIT_CODES.failed);
    expect(findings[0]?.code).toBe('no_reader_chosen');
    usb.getDevices = () => Promise.reject(new Error('getDevices error: /sys/bus/usb/devices/ not found (errno 2)'));
    const { complaints } = await run('doctor', { bus: { usb, host: NO_HOST, close: () => undefined } });
    expect(complaints.join('\n')).toContain('passed through');
  });
});

describe('the command itself', () => {
  const COMMAND = fileURLToPath(new URL('../../../ccid/bin/webusb-ccid.js', import.meta.url));
  const execute = (...args: string[]): Promise<{ code: number; output: string; errors: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [COMMAND, ...args], (error, output, errors) =>
        resolve({ code: error ? Number(error.code) : 0, output, errors }),
      );
    });

  it('runs in the workspace without being built', async () => {
    const { code, output } = await execute('atr', '--simulated', '--json');
    expect(code).toBe(0);
    expect(parse(output)).toMatchObject({ kind: 'atr' });
  });

  it('ends with 2 when it is misused', async () => {
    expect(await execute('nonsense')).toMatchObject({ code: 2, output: '' });
  });
});
