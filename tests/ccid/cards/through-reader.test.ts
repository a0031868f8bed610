import { createHash, verify, X509Certificate } from 'node:crypto';
import { requestReader } from 'webusb-ccid';
import { openHpkiSign } from 'webusb-ccid/hpki';
import { enrolTap, mynumberTap, selectJpki, verifyCardSignature, parseTextKeyRecord } from 'webusb-ccid/mynumber';
import { createSimulatedReader, type SimulatedCard, type SimulatedLevel, SimulatedUsb } from 'webusb-ccid/simulated';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  createHpkiCard,
  createMyNumberCard,
  fromBase64,
  hpkiPersonalisation,
  myNumberPersonalisation,
} from '../simulated-cards/test-cards.ts';

const statement = ascii('header.payload');

async function connect(card: SimulatedCard, level: SimulatedLevel) {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader({ level });
  usb.attach(simulated.device);
  simulated.insert(card);
  const reader = await requestReader(usb);
  return { simulated, reader, connection: await reader.connect() };
}

describe.each(['short-apdu', 'extended-apdu', 'tpdu-t1'] as const)('behind a %s reader', (level) => {
  it('a tap proves that the card is there', async () => {
    const { reader, connection } = await connect(createMyNumberCard(), level);
    const proof = await mynumberTap.prove(connection, () => Promise.resolve(statement));
    const { publicKey } = parseTextKeyRecord(fromBase64(myNumberPersonalisation.textKeyRecord));
    expect(await verifyCardSignature(publicKey, proof.signature, statement)).toBe(true);
    await reader.close();
  });

  it('an HPKI card signs', async () => {
    const { reader, connection } = await connect(createHpkiCard(), level);
    const hpki = await openHpkiSign(connection);
    await hpki.verifyPin(ascii('secret12'));
    const signature = await hpki.sign(createHash('sha256').update(statement).digest());
    const { publicKey } = new X509Certificate(fromBase64(hpkiPersonalisation.signCertificate));
    expect(verify('sha256', statement, publicKey, signature)).toBe(true);
    await reader.close();
  });
});

describe('a card that is pulled away', () => {
  const request = {
    challenge: new Uint8Array(32).fill(1),
    context: ascii('context'),
    authPin: ascii('1234'),
    textPin: ascii('5678'),
  };

  it('at any command of a tap says card_gone', async () => {
    for (let commands = 0; commands < 7; commands += 1) {
      const { simulated, reader, connection } = await connect(createMyNumberCard(), 'extended-apdu');
      simulated.faults.pullCardAfterApdus(commands);
      const proof = mynumberTap.prove(connection, () => Promise.resolve(statement));
      await expect(proof).rejects.toMatchObject({ code: 'card_gone' });
      await reader.close();
    }
  });

  it('at any command of an enrolment with right PINs costs no try', async () => {
    const card = createMyNumberCard();
    for (let commands = 0; commands < 19; commands += 1) {
      const { simulated, reader, connection } = await connect(card, 'extended-apdu');
      simulated.faults.pullCardAfterApdus(commands);
      await expect(enrolTap(connection, request)).rejects.toMatchObject({ code: 'card_gone' });
      await reader.close();
    }
    const { reader, connection } = await connect(card, 'extended-apdu');
    expect(await (await selectJpki(connection)).readTriesLeft('auth')).toBe(3);
    await expect(enrolTap(connection, request)).resolves.toHaveProperty('textSignature');
    await reader.close();
  });
});
