import { describe, expect, it } from 'vitest';
import { CardError, requestReader, watchReaders, type Reader, type TraceEvent } from '../../../ccid/index.ts';
import { smartCardFailure } from '../../../ccid/readers/web-smart-card/smart-card-failure.ts';
import type { SmartCardApi } from '../../../ccid/readers/web-smart-card/smart-card-api.ts';
import {
  createSimulatedReader,
  SimulatedSmartCardError,
  SimulatedSmartCards,
  SimulatedUsb,
} from '../../../ccid/simulated/index.ts';
import { ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';
import { turnClock } from './turn-clock.ts';

const NAME = 'Example CCID Reader 00 00';
const OTHER = 'Example CCID Reader 01 00';
const READ = Uint8Array.of(0, 0xb0, 0, 0, 20);
const options = { clock: turnClock, pollIntervalMs: 20 };

function create() {
  const smartCard = new SimulatedSmartCards();
  smartCard.plugIn(NAME);
  return { smartCard, card: createTestCard(ATR_T1) };
}

/** Resolves when the list of readers is as long as wanted. */
function until(watch: ReturnType<typeof watchReaders>, count: number): Promise<readonly Reader[]> {
  return new Promise((resolve) => {
    const stop = watch.subscribe((readers) => {
      if (readers.length !== count) return;
      queueMicrotask(() => stop());
      resolve(readers);
    });
  });
}

/** Until nothing is left to do but wait. */
async function settle(turns = 30): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

describe('requestReader with a smart card service', () => {
  it('takes the reader that the operating system drives, and carries APDUs', async () => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const api: SmartCardApi = smartCard;
    const reader = await requestReader({ smartCard: api }, options);
    expect(reader).toMatchObject({ id: `pcsc:${NAME}`, name: NAME, facts: { level: 'pc-sc', interfaceClass: 0x0b } });
    const connection = await reader.connect();
    expect(connection.atr).toEqual(ATR_T1);
    expect(connection.pinPad).toBeUndefined();
    for (let round = 0; round < 3; round++) expect(await connection.transmit(READ)).toEqual(expectedAnswer(READ));
    await connection.disconnect();
    await reader.close();
  });

  it('goes over USB where the system has no reader or no service', async () => {
    const usb = new SimulatedUsb();
    usb.attach(createSimulatedReader({ productName: 'Over USB' }).device);
    const empty = new SimulatedSmartCards();
    expect((await requestReader({ usb, smartCard: empty }, options)).name).toBe('Over USB');
    empty.isStopped = true;
    const reader = await requestReader({ usb, smartCard: empty }, options);
    expect(reader.name).toBe('Over USB');
    await reader.close();
  });

  it('says why where there is nothing else', async () => {
    const smartCard = new SimulatedSmartCards();
    await expect(requestReader({ smartCard }, options)).rejects.toMatchObject({ code: 'no_reader_chosen' });
    const stopped = new SimulatedSmartCards();
    stopped.isStopped = true;
    await expect(requestReader({ smartCard: stopped }, options)).rejects.toMatchObject({ code: 'usb_unsupported' });
    await expect(requestReader({}, options)).rejects.toMatchObject({ code: 'usb_unsupported' });
  });
});

describe('a reader of the smart card service', () => {
  it('says when there is no card, when another program has it, and when the person refuses', async () => {
    const { smartCard, card } = create();
    const reader = await requestReader({ smartCard }, options);
    await expect(reader.connect()).rejects.toMatchObject({ code: 'card_absent' });
    smartCard.insert(NAME, card);
    const other = await (await smartCard.establishContext()).connect(NAME, 'exclusive');
    await expect(reader.connect()).rejects.toMatchObject({ code: 'reader_busy' });
    await other.connection.disconnect();
    smartCard.isDenied = true;
    await expect(reader.connect()).rejects.toMatchObject({ code: 'reader_denied' });
    smartCard.isDenied = false;
    await (await reader.connect()).disconnect();
    await reader.close();
  });

  it('keeps one connection at a time, and lets the next in', async () => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const reader = await requestReader({ smartCard }, options);
    const first = await reader.connect();
    const second = reader.connect();
    expect(await first.transmit(READ)).toEqual(expectedAnswer(READ));
    await first.disconnect();
    await expect(first.transmit(READ)).rejects.toMatchObject({ code: 'card_gone' });
    await (await second).disconnect();
    await reader.close();
  });

  it('carries commands that are sent together one behind the other', async () => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const connection = await (await requestReader({ smartCard }, options)).connect();
    const commands = [1, 2, 3].map((length) => Uint8Array.of(0, 0xb0, 0, 0, length));
    const answers = await Promise.all(commands.map((command) => connection.transmit(command)));
    expect(answers).toEqual(commands.map(expectedAnswer));
    await connection.disconnect();
  });

  it('gives up a hanging command at once, and works again afterwards', async () => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const reader = await requestReader({ smartCard }, options);
    const connection = await reader.connect();
    smartCard.failNext('hang');
    const abort = new AbortController();
    const pending = connection.transmit(READ, abort.signal);
    setTimeout(() => abort.abort(), 2);
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
    await connection.disconnect();
    smartCard.insert(NAME, card);
    const again = await reader.connect();
    expect(await again.transmit(READ)).toEqual(expectedAnswer(READ));
    await again.disconnect();
  });

  it('gives up connecting', async () => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const reader = await requestReader({ smartCard }, options);
    const held = await reader.connect();
    const abort = new AbortController();
    const waiting = reader.connect({ signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await held.disconnect();
    await (await reader.connect()).disconnect();
  });

  it.each([
    ['removed-card', 'card_gone'],
    ['reset-card', 'card_gone'],
    ['unresponsive-card', 'card_mute'],
    ['reader-unavailable', 'reader_gone'],
    ['UnknownError', 'protocol_error'],
  ] as const)('translates %s in an exchange to %s, and the next connection works', async (fault, code) => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const reader = await requestReader({ smartCard }, options);
    const connection = await reader.connect();
    smartCard.failNext(fault);
    await expect(connection.transmit(READ)).rejects.toMatchObject({ code });
    await expect(connection.transmit(READ)).rejects.toMatchObject({ code });
    await connection.disconnect();
    const again = await reader.connect();
    expect(await again.transmit(READ)).toEqual(expectedAnswer(READ));
    await again.disconnect();
  });

  it('traces commands without PINs', async () => {
    const { smartCard, card } = create();
    smartCard.insert(NAME, card);
    const events: TraceEvent[] = [];
    const traced = { ...options, onTrace: (event: TraceEvent) => events.push(event) };
    const connection = await (await requestReader({ smartCard }, traced)).connect();
    await connection.transmit(Uint8Array.of(0, 0x20, 0, 0x80, 4, 0x31, 0x39, 0x37, 0x34));
    await connection.disconnect();
    expect(events[0]).toEqual({ kind: 'command', bytes: Uint8Array.of(0, 0x20, 0, 0x80), isRedacted: true });
    expect(JSON.stringify(events)).not.toContain('57');
  });
});

describe('watchReaders with a smart card service', () => {
  it.each([true, false])('follows readers that come and go, plug and play told: %s', async (hasPlugAndPlay) => {
    const { smartCard } = create();
    smartCard.hasPlugAndPlay = hasPlugAndPlay;
    const watch = watchReaders({ smartCard }, options);
    const [first] = await until(watch, 1);
    smartCard.plugIn(OTHER);
    await until(watch, 2);
    smartCard.unplug(NAME);
    const [left] = await until(watch, 1);
    expect(left?.name).toBe(OTHER);
    await expect(first?.connect()).rejects.toMatchObject({ code: 'reader_gone' });
    await watch.close();
  });

  it('shows them beside those over USB', async () => {
    const { smartCard } = create();
    const usb = new SimulatedUsb();
    usb.attach(createSimulatedReader({ productName: 'Over USB' }).device, { isPermitted: true });
    const watch = watchReaders({ usb, smartCard }, options);
    const readers = await until(watch, 2);
    expect(readers.map(({ name }) => name)).toEqual([NAME, 'Over USB']);
    await watch.close();
  });

  it('tells cards that come, go and are exchanged, and ends their connections', async () => {
    const { smartCard, card } = create();
    const watch = watchReaders({ smartCard }, options);
    const [reader] = await until(watch, 1);
    const states: string[] = [];
    const stop = reader!.watchCard((state) => states.push(state));
    await settle();
    smartCard.insert(NAME, card);
    await settle();
    const connection = await reader!.connect();
    smartCard.remove(NAME);
    await settle();
    await expect(connection.transmit(READ)).rejects.toMatchObject({ code: 'card_gone' });
    await connection.disconnect();
    smartCard.insert(NAME, card);
    await settle();
    smartCard.remove(NAME);
    smartCard.insert(NAME, card);
    await settle();
    expect(states).toEqual(['absent', 'present', 'absent', 'present', 'absent', 'present']);
    stop();
    await watch.close();
  });

  it('comes back after the service was stopped, as in sleep', async () => {
    const { smartCard, card } = create();
    const watch = watchReaders({ smartCard }, options);
    const [reader] = await until(watch, 1);
    smartCard.insert(NAME, card);
    const connection = await reader!.connect();
    smartCard.stop();
    await until(watch, 0);
    await expect(connection.transmit(READ)).rejects.toMatchObject({ code: 'reader_gone' });
    await connection.disconnect();
    smartCard.start();
    const [again] = await until(watch, 1);
    expect(again!.id).toBe(reader!.id);
    smartCard.insert(NAME, card);
    expect(await (await again!.connect()).transmit(READ)).toEqual(expectedAnswer(READ));
    await watch.close();
  });

  it('stops asking when nobody listens', async () => {
    const { smartCard } = create();
    const watch = watchReaders({ smartCard }, options);
    await until(watch, 1);
    await watch.close();
    let asked = 0;
    smartCard.establishContext = () => Promise.reject(new Error(`asked ${++asked} times`));
    await settle();
    expect(asked).toBe(0);
  });
});

describe('smartCardFailure', () => {
  it.each([
    ['connect', new SimulatedSmartCardError('no-smartcard'), 'card_absent'],
    ['exchange', new SimulatedSmartCardError('no-smartcard'), 'card_gone'],
    ['connect', new SimulatedSmartCardError('proto-mismatch'), 'card_unsupported'],
    ['connect', new SimulatedSmartCardError('sharing-violation'), 'reader_busy'],
    ['connect', new SimulatedSmartCardError('unknown-reader'), 'reader_gone'],
    ['connect', new SimulatedSmartCardError('unpowered-card'), 'card_mute'],
    ['reach', new SimulatedSmartCardError('no-service'), 'usb_unsupported'],
    ['reach', new DOMException('', 'SecurityError'), 'usb_unsupported'],
    ['connect', new DOMException('', 'NotAllowedError'), 'reader_denied'],
    ['exchange', new DOMException('', 'AbortError'), 'aborted'],
    ['connect', new TypeError('odd'), 'reader_fault'],
  ] as const)('%s: %s is %s', (step, cause, code) => {
    const failure: CardError = smartCardFailure(step, cause);
    expect(failure.code).toBe(code);
    expect(failure.cause).toBe(cause);
  });
});
