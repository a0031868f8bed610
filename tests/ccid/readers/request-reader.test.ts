import { describe, expect, it } from 'vitest';
import { encodeCommand, requestReader, type CardState, type Reader } from '../../../ccid/index.ts';
import { createSimulatedReader, SimulatedUsb, type SimulatedReaderOptions } from '../../../ccid/simulated/index.ts';
import { ATR_T0, ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';

const COMMAND = encodeCommand({ cla: 0, ins: 0x88, p1: 0, p2: 0, data: new Uint8Array(200).fill(5), ne: 256 });

async function plug(options: SimulatedReaderOptions = {}) {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader(options);
  usb.attach(simulated.device);
  const reader = await requestReader(usb);
  return { usb, simulated, reader };
}

describe.each(['short-apdu', 'extended-apdu', 'tpdu-t1', 'tpdu-t0'] as const)('a %s reader', (level) => {
  const atr = level === 'tpdu-t0' ? ATR_T0 : ATR_T1;

  it('carries an APDU to the card and back', async () => {
    const { simulated, reader } = await plug({ level });
    const card = createTestCard(atr);
    simulated.insert(card);
    const connection = await reader.connect();
    expect(connection.atr).toEqual(atr);
    expect(await connection.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
    expect(card.commands).toEqual([COMMAND]);
    await connection.disconnect();
    await reader.close();
  });

  it('says card_gone when the card is pulled in the middle, and works with the next card', async () => {
    const { simulated, reader } = await plug({ level });
    simulated.insert(createTestCard(atr));
    simulated.faults.pullCardAfterApdus(1);
    const connection = await reader.connect();
    await connection.transmit(COMMAND);
    await expect(connection.transmit(COMMAND)).rejects.toMatchObject({ code: 'card_gone' });
    await expect(connection.transmit(COMMAND)).rejects.toMatchObject({ code: 'card_gone' });
    await connection.disconnect();
    await expect(reader.connect()).rejects.toMatchObject({ code: 'card_absent' });
    simulated.insert(createTestCard(atr));
    const next = await reader.connect();
    expect(await next.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
    await reader.close();
  });

  it('says card_mute when the card falls silent', async () => {
    const { simulated, reader } = await plug({ level });
    simulated.insert(createTestCard(atr));
    const connection = await reader.connect();
    simulated.faults.mute();
    await expect(connection.transmit(COMMAND)).rejects.toMatchObject({ code: 'card_mute' });
    await reader.close();
  });

  it('says reader_gone when the plug is pulled at any byte', async () => {
    for (let byte = 1; byte < 60; byte += 7) {
      const { simulated, reader } = await plug({ level });
      simulated.insert(createTestCard(atr));
      const connection = await reader.connect();
      simulated.faults.unplugAtByte(byte);
      await expect(connection.transmit(COMMAND)).rejects.toMatchObject({ code: 'reader_gone' });
      await connection.disconnect();
      await expect(reader.connect()).rejects.toMatchObject({ code: 'reader_gone' });
      await reader.close();
    }
  });
});

describe('requestReader', () => {
  it('has a code for every way not to get a reader', async () => {
    await expect(requestReader(undefined)).rejects.toMatchObject({ code: 'usb_unsupported' });
    const usb = new SimulatedUsb();
    await expect(requestReader(usb)).rejects.toMatchObject({ code: 'no_reader_chosen' });
    const simulated = createSimulatedReader();
    usb.attach(simulated.device);
    simulated.faults.holdElsewhere(true);
    await expect(requestReader(usb)).rejects.toMatchObject({ code: 'reader_busy' });
    simulated.faults.holdElsewhere(false);
    const reader = await requestReader(usb);
    expect(reader.facts).toMatchObject({ productName: 'Simulated reader', slot: 0, level: 'extended-apdu' });
    await reader.close();
  });

  it('names the protection of class 0B, which an Isolated Web App is free of', async () => {
    const simulated = createSimulatedReader({ interfaceClass: 0x0b });
    const page = new SimulatedUsb();
    page.attach(simulated.device);
    await expect(requestReader(page)).rejects.toMatchObject({ code: 'protected_interface' });
    page.detach(simulated.device);
    const app = new SimulatedUsb({ isUnrestricted: true });
    app.attach(simulated.device);
    const reader = await requestReader(app);
    await reader.close();
  });

  it('gives the same reader for the same device', async () => {
    const { usb, reader } = await plug();
    expect(await requestReader(usb)).toBe(reader);
    await reader.close();
  });
});

function nextState(reader: Reader, wanted: CardState): Promise<void> {
  return new Promise((resolve) => {
    const stop = reader.watchCard((state) => {
      if (state !== wanted) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

describe.each([true, false])('watchCard with an interrupt endpoint: %s', (slotChangeInterrupt) => {
  it('tells the state first and then every change', async () => {
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader({ slotChangeInterrupt });
    usb.attach(simulated.device);
    const reader = await requestReader(usb, { pollIntervalMs: 1 });
    const states: CardState[] = [];
    const stop = reader.watchCard((state) => states.push(state));
    await nextState(reader, 'absent');
    simulated.insert(createTestCard(ATR_T1));
    await nextState(reader, 'present');
    simulated.remove();
    await nextState(reader, 'absent');
    stop();
    expect(states).toEqual(['absent', 'present', 'absent']);
    await reader.close();
  });
});
