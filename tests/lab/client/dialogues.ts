/**
 * What a program does with this library and a reader. The same code runs in Node and in a page of Chromium, so results
 * are such that they can be passed on as JSON.
 */
import {
  CardError,
  type CardState,
  encodeHex,
  exchange,
  type Reader,
  type ReaderWatch,
  selectApplication,
  type UsbApi,
  watchReaders,
} from 'webusb-ccid';
import { JPKI_AID, mynumberTap, selectJpki } from 'webusb-ccid/mynumber';

/** Tells the other side that something has been reached, which is waiting for it. */
export type Report = (what: string) => Promise<void> | void;

const STATEMENT = new TextEncoder().encode('header.payload');
const AUTH_PIN = '1234';

/** An emulated machine on a busy one takes its time for everything. */
const PATIENT = { timeouts: { statusMs: 120_000, powerOnMs: 120_000, transferMs: 120_000 } } as const;

export const DIALOGUES = { tap, together, sign, refused, absent, unplugged, reinserted } as const;

export type DialogueName = keyof typeof DIALOGUES;

/** A tap without PIN: certificate and signature, hex. */
export interface Tapped {
  readonly reader: string;
  readonly atr: string;
  readonly certificate: string;
  readonly signature: string;
}

async function tap(usb: UsbApi): Promise<Tapped> {
  return tapOn(await firstReader(usb));
}

async function tapOn(reader: Reader): Promise<Tapped> {
  await cardState(reader, 'present');
  const card = await reader.connect();
  const { certificate, signature } = await mynumberTap.prove(card, () => Promise.resolve(STATEMENT));
  const atr = encodeHex(card.atr);
  await card.disconnect();
  await reader.close();
  return {
    reader: reader.name,
    atr,
    certificate: encodeHex(certificate),
    signature: encodeHex(signature),
  };
}

/** Taps on two readers that are powered at the same time. */
async function together(usb: UsbApi): Promise<readonly Tapped[]> {
  const watch = watchReaders(usb, PATIENT);
  const readers = await until(watch, (list) => list.length > 1);
  const cards = await Promise.all(readers.map((reader) => reader.connect()));
  for (const card of cards) await exchange(card, selectApplication(JPKI_AID));
  await Promise.all(cards.map((card) => card.disconnect()));
  const tapped: Tapped[] = [];
  for (const reader of readers) tapped.push(await tapOn(reader));
  await watch.close();
  return tapped;
}

/** All certificates that are free, and a signature with the PIN. */
async function sign(usb: UsbApi): Promise<{ readonly certificate: string; readonly signature: string }> {
  const reader = await firstReader(usb);
  await cardState(reader, 'present');
  const card = await reader.connect();
  const jpki = await selectJpki(card);
  for (const identity of ['auth', 'sign'] as const) await jpki.readCaCertificate(identity);
  const certificate = encodeHex(await jpki.readCertificate('auth'));
  const pin = new TextEncoder().encode(AUTH_PIN);
  await jpki.verifyPin('auth', pin);
  pin.fill(0);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', STATEMENT));
  const signature = encodeHex(await jpki.sign('auth', digest));
  await card.disconnect();
  await reader.close();
  return { certificate, signature };
}

interface Refusal {
  readonly code: string;
  /** Ours, which says what to do. */
  readonly message: string;
}

/** How a reader is refused that may not, or cannot, be used. */
async function refused(usb: UsbApi): Promise<Refusal> {
  const watch = watchReaders(usb, PATIENT);
  await until(watch, (readers) => readers.length + watch.failures.length > 0);
  const [reader] = watch.readers;
  if (!reader) return { code: watch.failures[0]?.code ?? '', message: '' };
  const { code, message } = await rejection(reader.connect());
  await watch.close();
  return { code, message };
}

/** How connecting fails once the card is gone. */
async function absent(usb: UsbApi): Promise<Refusal> {
  const reader = await firstReader(usb);
  await cardState(reader, 'absent');
  const { code, message } = await rejection(reader.connect());
  await reader.close();
  return { code, message };
}

/** How an exchange fails whose reader is unplugged in its middle, and that the reader works when it is back. */
async function unplugged(
  usb: UsbApi,
  report: Report,
): Promise<Tapped & { readonly code: string; readonly idBefore: string; readonly idAfter: string }> {
  const watch = watchReaders(usb, PATIENT);
  const before = await listed(watch);
  const card = await before.connect();
  await report('connected');
  const error = await rejection(
    (async () => {
      for (;;) await exchange(card, selectApplication(JPKI_AID));
    })(),
  );
  await until(watch, (readers) => readers.length === 0);
  await report('gone');
  const after = await listed(watch);
  const tapped = await tapOn(after);
  await watch.close();
  return { ...tapped, code: error.code, idBefore: before.id, idAfter: after.id };
}

/** That a card is seen to be taken away and to be laid down again. */
async function reinserted(usb: UsbApi, report: Report): Promise<readonly CardState[]> {
  const reader = await firstReader(usb);
  const states: CardState[] = [];
  for (const state of ['present', 'absent', 'present'] as const) {
    await cardState(reader, state);
    states.push(state);
    await report(`${states.length}: ${state}`);
  }
  await reader.close();
  return states;
}

function cardState(reader: Reader, wanted: CardState): Promise<void> {
  return new Promise((resolve) => {
    const stop = reader.watchCard((state) => {
      if (state !== wanted) return;
      // The first call comes before `stop` is there.
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

async function firstReader(usb: UsbApi): Promise<Reader> {
  const watch = watchReaders(usb, PATIENT);
  return listed(watch);
}

async function listed(watch: ReaderWatch): Promise<Reader> {
  const [reader] = await until(watch, (readers) => readers.length > 0);
  if (!reader) throw new CardError('reader_unknown', 'no reader');
  return reader;
}

function until(watch: ReaderWatch, holds: (readers: readonly Reader[]) => boolean): Promise<readonly Reader[]> {
  return new Promise((resolve) => {
    const stop = watch.subscribe((readers) => {
      if (!holds(readers)) return;
      queueMicrotask(() => stop());
      resolve(readers);
    });
  });
}

async function rejection(promise: Promise<unknown>): Promise<CardError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CardError) return error;
    throw error;
  }
  throw new CardError('protocol_error', 'it should have failed');
}
